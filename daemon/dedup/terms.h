#pragma once
// Weighted words and names, by which items that tell one event are known though they share no sentence, and how rare
// each of them is (tf-idf; Sparck Jones 1972).

#include <cstdint>
#include <vector>

#include "dedup/features.h"
#include "dedup/fold.h"

namespace tidings::dedup {

// All terms of the text, heaviest first, each once.
std::vector<Term> find_terms(const Folded& text);

// In how many items each term was seen, in a table of fixed size (terms may share a counter). The same items in the
// same order give the same weights.
class Rarity {
 public:
  Rarity();
  void learn(const std::vector<Term>& terms);
  void forget(const std::vector<Term>& terms);
  // Inverse document frequency, 0 to 1.
  double of(std::uint32_t key) const;
  std::size_t bytes() const { return counts_.size() * sizeof(counts_[0]); }

 private:
  std::vector<std::uint32_t> counts_;
  std::uint64_t items_ = 0;
};

// A unit vector of the `most` heaviest terms by rarity, by key.
using TermVector = std::vector<Term>;
TermVector weigh(const std::vector<Term>& terms, const Rarity& rarity, std::size_t most);
double cosine(const TermVector& a, const TermVector& b);

}  // namespace tidings::dedup
