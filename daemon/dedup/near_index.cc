#include "dedup/near_index.h"

#include <algorithm>
#include <bit>

#include "dedup/simhash.h"

namespace tidings::dedup {

NearIndex::NearIndex() : buckets_(std::size_t{kBlocks} << kBits) {}

void NearIndex::add(std::uint64_t fingerprint, std::uint32_t position) {
  for (unsigned block = 0; block < kBlocks; ++block) {
    Bucket& bucket = buckets_[bucket_of(fingerprint, block)];
    if (bucket.positions.size() == bucket.positions.capacity()) make_room(bucket);
    bucket.fingerprints.push_back(fingerprint);
    bucket.positions.push_back(position);
  }
}

// What is gone leaves a bucket when it is full; else it grows by a quarter.
void NearIndex::make_room(Bucket& bucket) const {
  const auto live = std::lower_bound(bucket.positions.begin(), bucket.positions.end(), first_);
  const auto gone = live - bucket.positions.begin();
  bucket.positions.erase(bucket.positions.begin(), live);
  bucket.fingerprints.erase(bucket.fingerprints.begin(), bucket.fingerprints.begin() + gone);
  const std::size_t size = bucket.positions.size();
  if (static_cast<std::size_t>(gone) * 8 > size) return;
  bucket.positions.reserve(size + size / 4 + 4);
  bucket.fingerprints.reserve(size + size / 4 + 4);
}

std::vector<Near> NearIndex::near(std::uint64_t wanted, int max_distance) const {
  std::vector<Near> out;
  std::vector<Near> found;
  for (unsigned block = 0; block < kBlocks; ++block) {
    const Bucket& bucket = buckets_[bucket_of(wanted, block)];
    found.clear();
    scan(bucket.fingerprints, wanted, max_distance, 0, found);
    for (const Near& near : found) {
      // The first block that is the same finds it; the others pass it over.
      const std::uint64_t differ = bucket.fingerprints[near.position] ^ wanted;
      bool before = false;
      for (unsigned b = 0; b < block; ++b) before |= (differ >> (b * kBits) & 0xFFFF) == 0;
      const std::uint32_t position = bucket.positions[near.position];
      if (!before && position >= first_) out.push_back({position, near.distance});
    }
  }
  std::sort(out.begin(), out.end(), [](const Near& a, const Near& b) { return a.position < b.position; });
  return out;
}

std::size_t NearIndex::bytes() const {
  std::size_t bytes = buckets_.capacity() * sizeof(Bucket);
  for (const Bucket& bucket : buckets_) {
    bytes += bucket.fingerprints.capacity() * sizeof(std::uint64_t) + bucket.positions.capacity() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace tidings::dedup
