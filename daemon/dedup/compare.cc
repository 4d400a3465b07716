#include "dedup/compare.h"

#include "dedup/simhash.h"
#include "dedup/sketch.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kPairTerms = 256;
// With fewer shingles looked at, a share says nothing.
constexpr std::size_t kMinSupport = 6;

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

CopyFeatures copy_features(const Features& f) { return {f.simhash, f.text_key, f.shingles, f.marker, f.sketch, f.figures}; }

Comparison compare_copies(const CopyFeatures& a, const CopyFeatures& b, const Options& options) {
  Comparison out;
  out.distance = hamming(a.simhash, b.simhash);
  if (a.text_key != 0 && a.text_key == b.text_key) {
    out.layer = "text";
    out.containment = out.jaccard = 1;
    out.relation = Relation::duplicate;
    return out;
  }
  const Overlap shared = overlap(a.sketch, a.shingles, b.sketch, b.shingles);
  out.containment = shared.containment;
  out.jaccard = shared.jaccard;
  if (shared.containment < options.copy_containment || shared.support < kMinSupport) return out;
  out.layer = "simhash";
  out.figures = match_figures(a.figures, b.figures);
  out.marked = b.marker != 0 && b.marker != a.marker;
  if (!out.figures.changed.empty()) out.changed = "figures: " + in_words(out.figures.changed);
  if (out.marked) out.changed += out.changed.empty() ? "says that it is an update" : "; says that it is an update";
  out.relation = out.changed.empty() ? Relation::duplicate : Relation::update;
  return out;
}

Comparison compare(const Features& a, const Features& b, const Rarity& rarity, const Options& options) {
  Comparison out = compare_copies(copy_features(a), copy_features(b), options);
  const bool across = a.language != b.language && a.language != 0 && b.language != 0;
  const TermVector x = across ? weigh(a.cross, rarity, 0, kPairTerms) : weigh(a.terms, rarity, a.language, kPairTerms);
  const TermVector y = across ? weigh(b.cross, rarity, 0, kPairTerms) : weigh(b.terms, rarity, b.language, kPairTerms);
  out.terms = cosine(x, y);
  out.shared_terms = shared_keys(x, y);
  if (out.relation == Relation::different && out.terms >= (across ? options.cross_similarity : options.pair_similarity)) {
    out.relation = Relation::same_story;
    out.layer = across ? "cross" : "story";
  }
  if (out.layer.empty()) out.layer = "none";
  return out;
}

}  // namespace tidings::dedup
