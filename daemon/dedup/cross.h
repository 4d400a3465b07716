#pragma once
// Keys of words that stay alike when a language changes: places by their names in ICU's locale data, and names and
// international words by their consonants after transliteration into Latin letters.

#include <cstdint>

#include "dedup/fold.h"

namespace tidings::dedup {

// The key of the country or city whose name, in any of the larger languages, begins at word i, and how many words it
// takes; 0 where there is none.
std::uint32_t place_at(const Folded& text, std::size_t i, std::size_t& words);

// The key of the word's first five consonants, or 0 where it has too few or its script has no letters for them.
std::uint32_t consonant_key(std::u16string_view word);

}  // namespace tidings::dedup
