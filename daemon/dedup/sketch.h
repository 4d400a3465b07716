#pragma once
// Bottom-k sketches (Broder 1997; Cohen 1997): the k smallest of the hashes of a set's members. Two of them tell how
// much of one set is in the other.

#include <cstdint>
#include <span>
#include <vector>

#include "dedup/shingles.h"

namespace tidings::dedup {

constexpr std::size_t kSketchSize = 64;
constexpr unsigned kSketchBits = 24;

// Ascending, distinct; all of them where there are no more than kSketchSize.
std::vector<std::uint32_t> make_sketch(std::span<const Shingle> shingles);

struct Overlap {
  double jaccard = 0;      // shared / all
  double containment = 0;  // shared / the smaller one
};
// The sets' sizes are needed to tell containment.
Overlap overlap(std::span<const std::uint32_t> a, std::uint32_t a_size, std::span<const std::uint32_t> b, std::uint32_t b_size);

}  // namespace tidings::dedup
