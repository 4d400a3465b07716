#pragma once
// SimHash (Charikar 2002; Manku, Jain and Das Sarma 2007): 64 bits such that texts that share most of their
// shingles differ in few of them.

#include <bit>
#include <cstdint>
#include <span>

#include "dedup/shingles.h"

namespace tidings::dedup {

// 0 for no shingles.
std::uint64_t simhash(std::span<const Shingle> shingles);

inline int hamming(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

}  // namespace tidings::dedup
