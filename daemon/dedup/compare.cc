#include "dedup/compare.h"

#include <algorithm>

#include "dedup/simhash.h"
#include "dedup/sketch.h"

namespace tidings::dedup {
namespace {

// A text of so many names, places and numbers is a full one.
constexpr double kFullCrossTerms = 60;
// With fewer shingles looked at, a share says nothing.
constexpr std::size_t kMinSupport = 6;
// So many changed figures, and twice as many as stayed, are those of another report.
constexpr std::size_t kSeriesFigures = 3;

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

CopyFeatures copy_features(const Features& f) {
  return {f.simhash, static_cast<std::uint32_t>(f.text_key), f.short_text, f.shingles, f.marker, f.sketch, f.figures};
}

Comparison compare_copies(const CopyFeatures& a, const CopyFeatures& b, const Options& options) {
  Comparison out;
  out.distance = hamming(a.simhash, b.simhash);
  if (a.text_key != 0 && a.text_key == b.text_key && out.distance == 0 && a.shingles == b.shingles) {
    out.same_text = true;
    out.containment = out.jaccard = 1;
    if (!a.short_text) {
      out.layer = "text";
      out.relation = Relation::duplicate;
    }
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
  if (out.marked) out.changed += (out.changed.empty() ? "" : "; ") + std::string(kSaysSo);
  out.relation = out.changed.empty() ? Relation::duplicate : Relation::update;
  return out;
}

bool is_next_report(const Comparison& how) {
  const std::size_t changed = how.figures.changed.size();
  return how.relation == Relation::update && !how.marked && changed >= kSeriesFigures && changed > 2 * how.figures.same;
}

Comparison compare(const Features& a, const Features& b, const Rarity& rarity, const Options& options) {
  Comparison out = compare_copies(copy_features(a), copy_features(b), options);
  if (is_next_report(out)) out.relation = Relation::different;
  const bool across = a.language != b.language && a.language != 0 && b.language != 0;
  // How rare a name is counts within a language only: across them, to be shared at all says enough.
  const TermVector x = across ? unit(a.cross) : weigh(a.terms, rarity, a.language, kMaxTerms);
  const TermVector y = across ? unit(b.cross) : weigh(b.terms, rarity, b.language, kMaxTerms);
  out.terms = cosine(x, y);
  out.shared_terms = shared_keys(x, y);
  const double needed =
      across ? fitted(options.cross_similarity, std::min(x.size(), y.size()), kFullCrossTerms) : options.pair_similarity;
  if (out.relation == Relation::different && out.terms >= needed) {
    out.relation = Relation::same_story;
    out.layer = across ? "cross" : "story";
  }
  if (out.layer.empty()) out.layer = "none";
  return out;
}

}  // namespace tidings::dedup
