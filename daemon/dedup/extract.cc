#include <algorithm>

#include "base/hash.h"
#include "dedup/features.h"
#include "dedup/figures.h"
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
std::size_t weight_in_words(const Folded& text, std::size_t from, std::size_t to) {
  std::size_t halves = 0;
  for (std::size_t i = from; i < to; ++i) halves += text.words[i].ideograph ? 1U : 2U;
  return halves / 2;
}

std::uint64_t key(std::u16string_view text) { return hash(text, 1) | 1; }

}  // namespace

Features extract(const model::Item& item, const Options& options) {
  const std::string_view body = item.body_text.empty() ? item.summary : item.body_text;
  const Folded text = fold(item.title, body, kMaxTextBytes);
  Features out;
  const std::size_t title_end = text.title_words == 0 ? 0 : text.words[text.title_words - 1].begin + text.words[text.title_words - 1].size;
  const std::u16string_view title = std::u16string_view(text.text).substr(0, title_end);
  if (weight_in_words(text, 0, text.title_words) >= kMinTitleWords) out.title_key = key(title);
  if (weight_in_words(text, 0, text.words.size()) >= kMinTextWords) out.text_key = key(text.text);
  out.content_hash = hash(text.text, title.size());
  if (!item.body_text.empty() && !item.summary.empty()) {
    out.content_hash ^= hash(fold({}, item.summary, kMaxTextBytes).text, 2);
  }
  if (!item.canonical_url.empty()) out.url_key = hash64(item.canonical_url) | 1;
  out.source = static_cast<std::uint32_t>(hash64(item.source_id));
  out.outlet = static_cast<std::uint32_t>(hash64(outlet_of(item, options)));
  const std::vector<Shingle> all = shingles(text);
  out.simhash = simhash(all);
  out.sketch = make_sketch(all);
  out.shingles = static_cast<std::uint32_t>(all.size());
  out.figures = find_figures(text);
  out.terms = find_terms(text);
  return out;
}

}  // namespace tidings::dedup
