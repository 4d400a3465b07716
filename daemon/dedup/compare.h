#pragma once
// How two items relate, and why.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dedup/features.h"
#include "dedup/figures.h"
#include "dedup/terms.h"

namespace tidings::dedup {

enum class Relation : std::uint8_t { duplicate, update, same_story, different };
std::string_view name_of(Relation relation);

struct Comparison {
  Relation relation = Relation::different;
  std::string layer;       // what decided: text, simhash, marker, story, cross (a story across languages), none
  int distance = 64;       // Hamming distance of the SimHashes
  double containment = 0;  // share of the shorter text that is in the longer one
  double jaccard = 0;      // share of both that both have
  bool same_text = false;  // when folded; a text too short to tell items by is no duplicate for that alone
  bool marked = false;     // b says at its head that it updates or corrects, and a does not say the same
  double terms = 0;        // similarity of the weighted words, 0 to 1
  std::size_t shared_terms = 0;
  FigureMatch figures;
  std::string changed;     // update: what changed, in words
};

// What changed by what the later of two items says of itself.
constexpr std::string_view kSaysSo = "says that it is an update";

// `a` came first. Pure.
Comparison compare(const Features& a, const Features& b, const Rarity& rarity, const Options& options);

// What telling copies and updates takes: all that is kept of an item of the window.
struct CopyFeatures {
  std::uint64_t simhash = 0;
  std::uint32_t text_key = 0;  // half of it
  bool short_text = true;
  std::uint32_t shingles = 0;
  std::uint32_t marker = 0;
  std::vector<std::uint32_t> sketch;
  std::vector<Figure> figures;
};
CopyFeatures copy_features(const Features& features);
Comparison compare_copies(const CopyFeatures& a, const CopyFeatures& b, const Options& options);
// Whether what reads as an update is the next report of a series (rates, balances, weekly figures): of those most figures
// change, of an update one or two, and none of them says that it updates.
bool is_next_report(const Comparison& how);

}  // namespace tidings::dedup
