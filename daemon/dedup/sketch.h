#pragma once
// Bottom-k sketches (Broder 1997; Cohen 1997): the k smallest of the hashes of a set's members. Two of them tell how
// much of one set is in the other.

#include <cstdint>
#include <span>
#include <vector>

#include "dedup/shingles.h"

namespace tidings::dedup {

// Longer texts get larger sketches, so that a short text in a long one is still seen.
constexpr std::size_t kMinSketch = 48;
constexpr std::size_t kMaxSketch = 160;
constexpr std::size_t kShinglesPerEntry = 20;
constexpr unsigned kSketchBits = 20;

// Ascending, distinct.
std::vector<std::uint32_t> make_sketch(std::span<const Shingle> shingles);

struct Overlap {
  double jaccard = 0;      // shared / all
  double containment = 0;  // shared / the smaller one
  std::size_t support = 0;  // members of the smaller one that were looked at
};
// The sets' sizes are needed to tell containment.
Overlap overlap(std::span<const std::uint32_t> a, std::uint32_t a_size, std::span<const std::uint32_t> b, std::uint32_t b_size);

}  // namespace tidings::dedup
