#pragma once
// Shingles: the hashes of all runs of kLength characters of a folded text (of words in scripts without spaces: of two
// characters), from which the SimHash and the sketch are made.

#include <cstdint>
#include <vector>

#include "dedup/fold.h"

namespace tidings::dedup {

using Shingle = std::uint64_t;

// Distinct shingles, in the order of the text.
std::vector<Shingle> shingles(const Folded& text);

}  // namespace tidings::dedup
