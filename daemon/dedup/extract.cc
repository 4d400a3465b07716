#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "dedup/features.h"
#include "dedup/figures.h"
#include "dedup/marker.h"
#include "dedup/outlet.h"
#include "dedup/shingles.h"
#include "dedup/simhash.h"
#include "dedup/sketch.h"
#include "dedup/terms.h"

namespace tidings::dedup {
namespace {

// What comes later than this in a text does not tell stories apart.
constexpr std::size_t kMaxTextBytes = 64 * 1024;
// Titles and texts shorter than this ("Live", "Morning briefing") are no keys: many items have them.
constexpr std::size_t kMinTitleWords = 4;
constexpr std::size_t kMinTextWords = 8;

// Words that count as such: an ideograph is about half a word.
std::size_t weight_in_words(const Folded& folded, std::size_t from, std::size_t to) {
  std::size_t halves = 0;
  for (std::size_t i = from; i < to; ++i) halves += folded.words[i].ideograph ? 1U : 2U;
  return halves / 2;
}

std::uint64_t key(std::u16string_view text) { return hash(text, 1) | 1; }

Folded folded_of(const model::Item& item) {
  return fold(item.title, item.body_text.empty() ? item.summary : item.body_text, kMaxTextBytes);
}

Features extract(const Folded& folded, const model::Item& item, const Options& options) {
  Features out;
  const std::size_t title_end = folded.title_words == 0 ? 0 : folded.words[folded.title_words - 1].begin + folded.words[folded.title_words - 1].size;
  const std::u16string_view title = std::u16string_view(folded.text).substr(0, title_end);
  if (weight_in_words(folded, 0, folded.title_words) >= kMinTitleWords) out.title_key = key(title);
  if (!folded.words.empty()) out.text_key = key(folded.text);
  out.short_text = weight_in_words(folded, 0, folded.words.size()) < kMinTextWords;
  out.content_hash = hash(folded.text, title.size());
  if (item.deleted) out.content_hash = ~out.content_hash;  // to be withdrawn is a change of the content
  if (!item.body_text.empty() && !item.summary.empty()) {
    out.content_hash ^= hash(fold({}, item.summary, kMaxTextBytes).text, 2);
  }
  if (!item.canonical_url.empty()) out.url_key = hash64(item.canonical_url) | 1;
  out.source = static_cast<std::uint32_t>(hash64(item.source_id));
  out.outlet = static_cast<std::uint32_t>(hash64(outlet_of(item, options)));
  const std::vector<Shingle> all = shingles(folded);
  out.simhash = simhash(all);
  out.sketch = make_sketch(all);
  out.shingles = static_cast<std::uint32_t>(all.size());
  out.figures = find_figures(folded);
  out.language = item.language.empty() ? 0 : static_cast<std::uint32_t>(hash64(text::ascii_lower(item.language.substr(0, item.language.find('-')))));
  FoundTerms found = find_terms(folded, out.language);
  out.terms = std::move(found.terms);
  out.names = std::move(found.names);
  out.marker = find_marker(folded);
  return out;
}

}  // namespace

Features extract(const model::Item& item, const Options& options) { return extract(folded_of(item), item, options); }

Features extract_across(const model::Item& item, const Options& options) {
  const Folded folded = folded_of(item);
  Features out = extract(folded, item, options);
  out.cross = find_cross_terms(folded);
  return out;
}

}  // namespace tidings::dedup
