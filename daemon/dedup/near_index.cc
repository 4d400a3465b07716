#include "dedup/near_index.h"

#include <algorithm>
#include <bit>

#include "dedup/simhash.h"

namespace tidings::dedup {

namespace {

constexpr int kMaxBlockDistance = 4;

// All of 16 bits with at most so many set, fewer first.
std::span<const std::uint16_t> masks_within(int bits) {
  static const auto kMasks = [] {
    std::vector<std::uint16_t> masks;
    for (unsigned mask = 0; mask < 1U << 16; ++mask) {
      if (std::popcount(mask) <= kMaxBlockDistance) masks.push_back(static_cast<std::uint16_t>(mask));
    }
    std::stable_sort(masks.begin(), masks.end(), [](auto a, auto b) { return std::popcount(a) < std::popcount(b); });
    return masks;
  }();
  const auto end = std::find_if(kMasks.begin(), kMasks.end(), [&](auto mask) { return std::popcount(mask) > bits; });
  return {kMasks.begin(), end};
}

}  // namespace

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

void NearIndex::look_into(unsigned block, std::uint64_t mask, std::uint64_t wanted, int max_distance, std::vector<Near>& found,
                          std::vector<Near>& out) const {
  const Bucket& bucket = buckets_[bucket_of(wanted ^ mask << (block * kBits), block)];
  found.clear();
  scan(bucket.fingerprints, wanted, max_distance, 0, found);
  for (const Near& near : found) {
    // The first block that is near enough finds it; the others pass it over.
    const std::uint64_t differ = bucket.fingerprints[near.position] ^ wanted;
    bool before = false;
    for (unsigned b = 0; b < block; ++b) {
      before |= std::popcount(differ >> (b * kBits) & 0xFFFF) <= max_distance / static_cast<int>(kBlocks);
    }
    const std::uint32_t position = bucket.positions[near.position];
    if (!before && position >= first_) out.push_back({position, near.distance});
  }
}

std::vector<Near> NearIndex::near(std::uint64_t wanted, int max_distance) const {
  std::vector<Near> out;
  std::vector<Near> found;
  const auto masks = masks_within(max_distance / static_cast<int>(kBlocks));
  for (unsigned block = 0; block < kBlocks; ++block) {
    const auto bucket = [&](std::size_t i) -> const Bucket& {
      const std::uint64_t mask = masks[std::min(i, masks.size() - 1)];
      return buckets_[bucket_of(wanted ^ mask << (block * kBits), block)];
    };
    for (std::size_t i = 0; i < masks.size(); ++i) {
      if (masks.size() > 1) {
        // Buckets lie all over the memory: their heads are called for early, then what they hold.
        __builtin_prefetch(&bucket(i + 16));
        const auto& soon = bucket(i + 8).fingerprints;
        for (std::size_t at = 0; at < std::min<std::size_t>(soon.size(), 64); at += 8) __builtin_prefetch(soon.data() + at);
      }
      look_into(block, masks[i], wanted, max_distance, found, out);
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
