#include "dedup/recall.h"

#include "dedup/compare.h"
#include "dedup/record.h"

namespace tidings::dedup {
namespace {

// As much of both as an entry shares at least with itself where nothing of it was edited.
constexpr double kSameContent = 0.95;

}  // namespace

bool tells_the_same(std::string_view memory, const Features& features, const Options& options) {
  const auto record = decode(memory);
  if (!record || record->source != features.source) return false;
  CopyFeatures told = unpack(record->copy);
  told.simhash = record->keys.simhash;
  const Comparison how = compare_copies(told, copy_features(features), options);
  return how.relation != Relation::update && (how.same_text || how.jaccard >= kSameContent);
}

}  // namespace tidings::dedup
