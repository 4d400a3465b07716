#include "dedup/terms.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dedup/cross.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kStem = 6;
constexpr unsigned kSlotBits = 19;
constexpr std::uint32_t kFadeAfter = 500'000;
// A term is as rare as if so many items without it had been seen before the first.
constexpr double kPriorItems = 100;

// The highest bits, so that keys in order have slots in order.
std::uint32_t slot_of(std::uint32_t key) { return key >> (32 - kSlotBits); }

bool by_key(const Term& a, const Term& b) { return a.key < b.key; }
bool by_weight(const Term& a, const Term& b) { return a.weight != b.weight ? a.weight > b.weight : a.key < b.key; }

// An occurrence of a term: its key, then whether it is in the title and whether it is a name.
std::uint64_t occurrence(std::uint64_t key, bool in_title, bool name) {
  return (key & 0xFFFFFFFFU) << 2 | (in_title ? 2U : 0U) | (name ? 1U : 0U);
}

// Of whole numbers: these are wanted again and again.
class Logs {
 public:
  Logs() {
    for (std::size_t i = 1; i < logs_.size(); ++i) logs_[i] = std::log(static_cast<double>(i));
  }
  double of(std::uint32_t n) const { return n < logs_.size() ? logs_[n] : std::log(static_cast<double>(n)); }

 private:
  std::array<double, 1025> logs_{};
};
const Logs& logs() {
  static const Logs kLogs;
  return kLogs;
}

// Each key once: its weight grows with the logarithm of its frequency, more in the title, more for a name.
FoundTerms gather(std::vector<std::uint64_t> all) {
  std::sort(all.begin(), all.end());
  FoundTerms found;
  std::vector<Term>& out = found.terms;
  out.reserve(all.size());
  const Logs& log = logs();
  for (std::size_t i = 0; i < all.size();) {
    const std::uint64_t key = all[i] >> 2;
    std::uint32_t count = 0;
    std::uint64_t marks = 0;
    for (; i < all.size() && all[i] >> 2 == key; ++i) {
      ++count;
      marks |= all[i];
    }
    const auto often = static_cast<float>(1 + log.of(count));
    out.push_back({static_cast<std::uint32_t>(key), often * ((marks & 2) != 0 ? 1.5F : 1.0F) * ((marks & 1) != 0 ? 1.5F : 1.0F)});
    if ((marks & 1) != 0) found.names.push_back(static_cast<std::uint32_t>(key));
  }
  if (out.size() > kMaxTerms) {
    std::nth_element(out.begin(), out.begin() + kMaxTerms, out.end(), by_weight);
    out.resize(kMaxTerms);
    std::sort(out.begin(), out.end(), by_key);
  }
  return found;
}

}  // namespace

FoundTerms find_terms(const Folded& text, std::uint32_t language) {
  std::vector<std::uint64_t> all;
  all.reserve(text.words.size());
  const bool shouting = text.capitals * 2 > text.words.size();
  for (std::size_t i = 0; i < text.words.size(); ++i) {
    const Word& word = text.words[i];
    std::uint64_t key = 0;
    if (word.ideograph) {
      if (i == 0 || !text.words[i - 1].ideograph) continue;
      const char16_t pair[2] = {text.text[text.words[i - 1].begin], text.text[word.begin]};
      key = hash({pair, 2}, language);
    } else {
      if (word.size < 2) continue;
      key = hash(text.word(i).substr(0, word.number ? word.size : kStem), language);
    }
    // The first of two capital letters in a row says something at the start of a sentence as well.
    const bool first_of_name = i + 1 < text.words.size() && text.words[i + 1].capital && !text.words[i + 1].sentence_start;
    const bool name = word.capital && (!word.sentence_start || first_of_name) && !shouting;
    all.push_back(occurrence(key >> 16, i < text.title_words, name));
  }
  return gather(std::move(all));
}

std::vector<Term> find_cross_terms(const Folded& text) {
  std::vector<std::uint64_t> all;
  all.reserve(text.words.size());
  std::size_t skip = 0;
  for (std::size_t i = 0; i < text.words.size(); ++i) {
    const Word& word = text.words[i];
    const bool in_title = i < text.title_words;
    if (word.number) {
      if (word.size >= 2) all.push_back(occurrence(hash(text.word(i), 3) >> 16, in_title, false));
      continue;
    }
    if (i < skip) continue;
    std::size_t words = 0;
    if (const std::uint32_t place = place_at(text, i, words); place != 0) {
      all.push_back(occurrence(place, in_title, true));
      skip = i + words;
      continue;
    }
    if (word.ideograph || word.size < 4) continue;
    if (const std::uint32_t key = consonant_key(text.word(i)); key != 0) {
      all.push_back(occurrence(key, in_title, word.capital && !word.sentence_start));
    }
  }
  return gather(std::move(all)).terms;
}

std::vector<std::uint32_t> Rarity::slots_of(const std::vector<Term>& terms) {
  std::vector<std::uint32_t> out;
  out.reserve(terms.size());
  for (const Term& term : terms) {
    const std::uint32_t slot = slot_of(term.key);
    if (out.empty() || out.back() != slot) out.push_back(slot);
  }
  return out;
}

Rarity::Rarity() : counts_(std::size_t{1} << kSlotBits) {}

void Rarity::learn(std::span<const std::uint32_t> slots, std::uint32_t language, const TermVector& said) {
  for (const std::uint32_t slot : slots) __builtin_prefetch(&counts_[slot], 1);
  auto told = said.begin();
  for (const std::uint32_t slot : slots) {
    while (told != said.end() && slot_of(told->key) < slot) ++told;
    if (told == said.end() || slot_of(told->key) != slot) ++counts_[slot];
  }
  if (language != 0) ++items_[language];
  if (++items_[0] >= kFadeAfter) halve();
}

void Rarity::halve() {
  for (auto& count : counts_) count /= 2;
  for (auto& [language, count] : items_) count /= 2;
}

double Rarity::log_items(std::uint32_t language) const {
  const auto found = items_.find(language);
  return std::log((found == items_.end() ? 0.0 : static_cast<double>(found->second)) + kPriorItems);
}

double Rarity::among(double log_items, std::uint32_t key) const {
  return std::max(0.0, 1 - logs().of(counts_[slot_of(key)] + 1) / log_items);
}

void Rarity::scale(TermVector& terms, std::uint32_t language) const {
  const Logs& log = logs();
  const double part = 1 / log_items(language);
  for (Term& term : terms) {
    term.weight *= static_cast<float>(std::max(0.0, 1 - log.of(counts_[slot_of(term.key)] + 1) * part));
  }
}

TermVector unit(std::vector<Term> terms) {
  double square = 0;
  for (const Term& term : terms) square += static_cast<double>(term.weight) * static_cast<double>(term.weight);
  if (square > 0) {
    const auto length = static_cast<float>(std::sqrt(square));
    for (Term& term : terms) term.weight /= length;
  }
  return terms;
}

TermVector weigh(const std::vector<Term>& terms, const Rarity& rarity, std::uint32_t language, std::size_t most) {
  TermVector out = terms;
  rarity.scale(out, language);
  if (out.size() > most) {
    std::nth_element(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(most), out.end(), by_weight);
    out.resize(most);
    std::sort(out.begin(), out.end(), by_key);
  }
  return unit(std::move(out));
}

std::uint8_t coarse_weight(float weight) { return static_cast<std::uint8_t>(std::lround(std::clamp(weight, 0.0F, 1.0F) * 255)); }
float weight_of(unsigned coarse) { return static_cast<float>(coarse) / 255; }

TermVector coarsen(TermVector terms) {
  for (Term& term : terms) term.weight = weight_of(coarse_weight(term.weight));
  return terms;
}

double fitted(double similarity, std::size_t terms, double full) {
  return similarity * std::sqrt(std::min(1.0, static_cast<double>(terms) / full));
}

double cosine(const TermVector& a, const TermVector& b) {
  if (a.size() > b.size()) return cosine(b, a);
  double sum = 0;
  if (a.size() * 4 < b.size()) {
    auto from = b.begin();
    for (const Term& term : a) {
      from = std::lower_bound(from, b.end(), term, by_key);
      if (from == b.end()) break;
      if (from->key == term.key) sum += static_cast<double>(term.weight) * static_cast<double>(from->weight);
    }
    return sum;
  }
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].key == b[j].key) {
      sum += static_cast<double>(a[i++].weight) * static_cast<double>(b[j++].weight);
    } else if (a[i].key < b[j].key) {
      ++i;
    } else {
      ++j;
    }
  }
  return sum;
}

std::size_t shared_keys(const TermVector& a, const TermVector& b) {
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const bool next_a = a[i].key <= b[j].key;
    const bool next_b = b[j].key <= a[i].key;
    shared += next_a && next_b;
    i += next_a;
    j += next_b;
  }
  return shared;
}

}  // namespace tidings::dedup
