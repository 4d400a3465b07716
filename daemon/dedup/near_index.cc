#include "dedup/near_index.h"

#include <bit>

#include "dedup/simhash.h"

namespace tidings::dedup {

std::vector<Near> scan(std::span<const std::uint64_t> fingerprints, std::uint64_t wanted, int max_distance) {
  std::vector<Near> out;
  for (std::size_t i = 0; i < fingerprints.size(); ++i) {
    const int distance = hamming(fingerprints[i], wanted);
    if (distance <= max_distance) out.push_back({static_cast<std::uint32_t>(i), distance});
  }
  return out;
}

}  // namespace tidings::dedup
