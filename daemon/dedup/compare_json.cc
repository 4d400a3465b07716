#include "dedup/compare_json.h"

namespace tidings::dedup {
namespace {

json::object to_json(const WordLists& lists) {
  const auto array = [](const std::vector<std::string>& words) { return json::array(words.begin(), words.end()); };
  return {{"words", array(lists.words)}, {"names", array(lists.names)}, {"figures", array(lists.figures)}};
}

}  // namespace

std::string_view in_words(std::string_view layer) {
  constexpr std::pair<std::string_view, std::string_view> kLayers[] = {
      {"guid", "exact key: the same entry of the same source"},
      {"rekeyed", "exact key: the same page or text of the same source, under a new id"},
      {"url", "exact key: the same page"},
      {"text", "exact key: the same text, word for word"},
      {"simhash", "near text: the fingerprints are near and the texts overlap"},
      {"title", "headline: the same words in the title"},
      {"headline", "headline: the same words in the title"},
      {"marker", "its own words: it says that it updates, corrects or withdraws an earlier piece of its source"},
      {"story", "story terms: the weightiest words, names and numbers are the same"},
      {"cross", "story terms across languages: names, places and numbers are the same"},
      {"none", "no layer: nothing alike was found"},
  };
  for (const auto& [name, words] : kLayers) {
    if (name == layer) return words;
  }
  return layer;
}

json::object to_json(const Comparison& how) {
  json::object out;
  out["relation"] = name_of(how.relation);
  out["layer"] = how.layer;
  out["decided_by"] = in_words(how.layer);
  out["distance"] = how.distance;
  out["containment"] = how.containment;
  out["jaccard"] = how.jaccard;
  out["terms"] = how.terms;
  out["shared_terms"] = how.shared_terms;
  out["same_figures"] = how.figures.same;
  if (!how.changed.empty()) out["changed"] = how.changed;
  return out;
}

json::object to_json(const Wording& wording) {
  return {{"shared", to_json(wording.shared)}, {"only_first", to_json(wording.only_first)}, {"only_second", to_json(wording.only_second)}};
}

}  // namespace tidings::dedup
