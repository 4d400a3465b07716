#pragma once
// What two items have in common and what they do not, in words that a reader knows again.

#include <cstddef>
#include <string>
#include <vector>

#include "dedup/terms.h"
#include "model/item.h"

namespace tidings::dedup {

// Words as written, the most telling first, each once; forms of one word count as one.
struct WordLists {
  std::vector<std::string> words;
  std::vector<std::string> names;    // capitals within a sentence
  std::vector<std::string> figures;  // begin with a digit
};

struct Wording {
  WordLists shared;
  WordLists only_first;
  WordLists only_second;
};

// At most `most` of each list. Items of two languages share what reads alike across them. Pure, and slow: for explaining.
Wording compare_words(const model::Item& first, const model::Item& second, const Rarity& rarity, std::size_t most);

}  // namespace tidings::dedup
