#pragma once
// How two items relate, and why.

#include <optional>
#include <string>
#include <vector>

#include "dedup/features.h"
#include "dedup/figures.h"
#include "dedup/terms.h"

namespace tidings::dedup {

enum class Relation : std::uint8_t { duplicate, update, same_story, different };
std::string_view name_of(Relation relation);

struct Comparison {
  Relation relation = Relation::different;
  std::string layer;       // what decided: url, text, title, simhash, story, none
  int distance = 64;       // Hamming distance of the SimHashes
  double containment = 0;  // share of the shorter text that is in the longer one
  double jaccard = 0;
  double terms = 0;        // similarity of the weighted words, 0 to 1
  std::size_t shared_terms = 0;
  FigureMatch figures;
  std::string changed;     // update: what changed, in words
};

// `a` came first. Pure.
Comparison compare(const Features& a, const Features& b, const Rarity& rarity, const Options& options);

// The part of it that tells copies and updates, all that is needed of a candidate.
Comparison compare_copies(const Features& a, const Features& b, const Options& options);

}  // namespace tidings::dedup
