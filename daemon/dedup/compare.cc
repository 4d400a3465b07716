#include "dedup/compare.h"

#include "dedup/simhash.h"
#include "dedup/sketch.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kPairTerms = 64;

}  // namespace

std::string_view name_of(Relation relation) {
  switch (relation) {
    case Relation::duplicate: return "duplicate";
    case Relation::update: return "update";
    case Relation::same_story: return "same_story";
    case Relation::different: return "different";
  }
  return "different";
}

Comparison compare_copies(const Features& a, const Features& b, const Options& options) {
  Comparison out;
  out.distance = hamming(a.simhash, b.simhash);
  const Overlap shared = overlap(a.sketch, a.shingles, b.sketch, b.shingles);
  out.containment = shared.containment;
  out.jaccard = shared.jaccard;
  if (a.text_key != 0 && a.text_key == b.text_key) {
    out.layer = "text";
    out.containment = out.jaccard = 1;
    out.relation = Relation::duplicate;
    return out;
  }
  if (shared.containment < options.copy_containment) return out;
  out.layer = "simhash";
  out.figures = match_figures(a.figures, b.figures);
  out.changed = in_words(out.figures.changed);
  out.relation = out.figures.changed.empty() ? Relation::duplicate : Relation::update;
  return out;
}

Comparison compare(const Features& a, const Features& b, const Rarity& rarity, const Options& options) {
  Comparison out = compare_copies(a, b, options);
  const TermVector x = weigh(a.terms, rarity, kPairTerms);
  const TermVector y = weigh(b.terms, rarity, kPairTerms);
  out.terms = cosine(x, y);
  for (std::size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    if (x[i].key == y[j].key) ++out.shared_terms;
    const bool next_x = x[i].key <= y[j].key;
    const bool next_y = y[j].key <= x[i].key;
    i += next_x;
    j += next_y;
  }
  if (out.relation == Relation::different && out.terms >= options.pair_similarity) {
    out.relation = Relation::same_story;
    out.layer = "story";
  }
  if (out.layer.empty()) out.layer = "none";
  return out;
}

}  // namespace tidings::dedup
