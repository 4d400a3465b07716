#pragma once
// Weighted words and names, by which items that tell one event are known though they share no sentence, and how rare
// each of them is (tf-idf; Sparck Jones 1972).

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "dedup/features.h"
#include "dedup/fold.h"

namespace tidings::dedup {

// The words of the text, cut to their stems, each once. Words of different languages have different keys.
std::vector<Term> find_terms(const Folded& text, std::uint32_t language);

// What reads alike across languages: numbers, the consonants of words in Latin letters (by transliteration), and places
// by their names in ICU's locale data, each once.
std::vector<Term> find_cross_terms(const Folded& text);

// In how many items of its language each term was seen, in a table of fixed size (terms may share a counter). The same
// items in the same order give the same weights. Old items fade: all counts are halved now and then.
class Rarity {
 public:
  Rarity();
  void learn(const Features& features);
  // Inverse document frequency, 0 to 1, among the items of this language (0: of all, for cross terms).
  double of(std::uint32_t key, std::uint32_t language) const;
  std::size_t bytes() const { return counts_.size() * sizeof(counts_[0]); }

 private:
  void halve();

  std::vector<std::uint32_t> counts_;
  std::unordered_map<std::uint32_t, std::uint32_t> items_;  // by language, 0: all
};

// A unit vector of the `most` heaviest terms by rarity, by key.
using TermVector = std::vector<Term>;
TermVector weigh(const std::vector<Term>& terms, const Rarity& rarity, std::uint32_t language, std::size_t most);
double cosine(const TermVector& a, const TermVector& b);
std::size_t shared_keys(const TermVector& a, const TermVector& b);

}  // namespace tidings::dedup
