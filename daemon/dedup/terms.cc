#include "dedup/terms.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace tidings::dedup {
namespace {

constexpr std::size_t kMaxTerms = 128;
constexpr std::size_t kStem = 6;
constexpr std::size_t kCounters = std::size_t{1} << 18;
// Before anything was seen each term counts as seen in one of so many items.
constexpr double kPriorItems = 200;

}  // namespace

std::vector<Term> find_terms(const Folded& text) {
  std::vector<Term> out;
  std::unordered_map<std::uint32_t, std::size_t> at;
  const bool shouting = text.capitals * 2 > text.words.size();
  const auto add = [&](std::uint64_t key, float weight) {
    const auto short_key = static_cast<std::uint32_t>(key >> 16);
    const auto [found, fresh] = at.try_emplace(short_key, out.size());
    if (fresh) {
      out.push_back({short_key, weight});
    } else {
      out[found->second].weight += weight;
    }
  };
  for (std::size_t i = 0; i < text.words.size(); ++i) {
    const Word& word = text.words[i];
    float weight = i < text.title_words ? 2.0F : 1.0F;
    if (word.ideograph) {
      if (i > 0 && text.words[i - 1].ideograph) {
        const char16_t pair[2] = {text.text[text.words[i - 1].begin], text.text[word.begin]};
        add(hash({pair, 2}), weight);
      }
      continue;
    }
    if (word.size < 2) continue;
    if (word.capital && !word.sentence_start && !shouting) weight *= 1.5F;
    add(hash(text.word(i).substr(0, word.number ? word.size : kStem)), weight);
  }
  for (Term& term : out) term.weight = 1 + std::log(term.weight);
  std::stable_sort(out.begin(), out.end(), [](const Term& a, const Term& b) { return a.weight > b.weight; });
  if (out.size() > kMaxTerms) out.resize(kMaxTerms);
  return out;
}

Rarity::Rarity() : counts_(kCounters) {}

void Rarity::learn(const std::vector<Term>& terms) {
  for (const Term& term : terms) ++counts_[term.key % kCounters];
  ++items_;
}

void Rarity::forget(const std::vector<Term>& terms) {
  for (const Term& term : terms) {
    auto& count = counts_[term.key % kCounters];
    if (count > 0) --count;
  }
  if (items_ > 0) --items_;
}

double Rarity::of(std::uint32_t key) const {
  const double all = static_cast<double>(items_) + kPriorItems;
  return std::log(all / (static_cast<double>(counts_[key % kCounters]) + 1)) / std::log(all);
}

TermVector weigh(const std::vector<Term>& terms, const Rarity& rarity, std::size_t most) {
  TermVector out = terms;
  for (Term& term : out) term.weight *= static_cast<float>(rarity.of(term.key));
  std::stable_sort(out.begin(), out.end(), [](const Term& a, const Term& b) { return a.weight > b.weight; });
  if (out.size() > most) out.resize(most);
  double square = 0;
  for (const Term& term : out) square += static_cast<double>(term.weight) * static_cast<double>(term.weight);
  if (square > 0) {
    for (Term& term : out) term.weight = static_cast<float>(term.weight / std::sqrt(square));
  }
  std::sort(out.begin(), out.end(), [](const Term& a, const Term& b) { return a.key < b.key; });
  return out;
}

double cosine(const TermVector& a, const TermVector& b) {
  double sum = 0;
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

}  // namespace tidings::dedup
