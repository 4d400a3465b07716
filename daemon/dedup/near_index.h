#pragma once
// The fingerprints of the window, and all of them within a Hamming distance of a given one: an exact linear scan.

#include <cstdint>
#include <span>
#include <vector>

namespace tidings::dedup {

struct Near {
  std::uint32_t position = 0;
  int distance = 0;
  bool operator==(const Near&) const = default;
};

// All positions within max_distance, in order. The widest instructions that the machine has are chosen at run time;
// each way gives the same result.
std::vector<Near> scan(std::span<const std::uint64_t> fingerprints, std::uint64_t wanted, int max_distance);

}  // namespace tidings::dedup
