#pragma once
// Weighted words and names, by which items that tell one event are known though they share no sentence, and how rare
// each of them is (tf-idf; Sparck Jones 1972).

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "dedup/features.h"
#include "dedup/fold.h"

namespace tidings::dedup {

struct FoundTerms {
  std::vector<Term> terms;
  std::vector<std::uint32_t> names;  // keys of those that are written with a capital letter where nothing else asks for one
};
// The words of the text, cut to their stems, each once, by key. Words of different languages have different keys.
FoundTerms find_terms(const Folded& text, std::uint32_t language);

// What reads alike across languages: numbers, the consonants of words in Latin letters (by transliteration), and places
// by their names in ICU's locale data, each once.
std::vector<Term> find_cross_terms(const Folded& text);

// The most terms of an item.
constexpr std::size_t kMaxTerms = 256;

using TermVector = std::vector<Term>;

// In how many items of its language each term was seen, in a table of fixed size (terms may share a counter). The same
// items in the same order give the same weights. Old items fade: all counts are halved now and then.
class Rarity {
 public:
  // The counters of terms, ascending, each once.
  static std::vector<std::uint32_t> slots_of(const std::vector<Term>& terms);

  Rarity();
  void learn(const Features& features) { learn(slots_of(features.terms), features.language, {}); }
  // Counts an item by the slots of its terms, but for those that its story has said already: what many items of one
  // story say is not common for that.
  void learn(std::span<const std::uint32_t> slots, std::uint32_t language, const TermVector& said);
  // Inverse document frequency, 0 to 1, among the items of this language (0: of all, for cross terms).
  double of(std::uint32_t key, std::uint32_t language) const { return among(log_items(language), key); }
  // The same of many terms of one language: their weights are multiplied by it.
  void scale(TermVector& terms, std::uint32_t language) const;
  std::size_t bytes() const { return counts_.size() * sizeof(counts_[0]); }

 private:
  void halve();
  double log_items(std::uint32_t language) const;
  double among(double log_items, std::uint32_t key) const;

  std::vector<std::uint32_t> counts_;
  std::unordered_map<std::uint32_t, std::uint32_t> items_;  // by language, 0: all
};

// Unit vectors, by key: of the terms as they are, and of the `most` heaviest when rarity counts.
TermVector unit(std::vector<Term> terms);
TermVector weigh(const std::vector<Term>& terms, const Rarity& rarity, std::uint32_t language, std::size_t most);
// Weights of a unit vector as bytes, and back.
std::uint8_t coarse_weight(float weight);
float weight_of(unsigned coarse);
// The vector as it comes back from bytes.
TermVector coarsen(TermVector terms);

// What similarity to ask of a text of so many terms where `similarity` is asked of a full one: the cosine of short
// texts is lower, since less of what they tell is said in the same words.
double fitted(double similarity, std::size_t terms, double full);

double cosine(const TermVector& a, const TermVector& b);
std::size_t shared_keys(const TermVector& a, const TermVector& b);

}  // namespace tidings::dedup
