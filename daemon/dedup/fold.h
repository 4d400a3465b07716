#pragma once
// Folding of text for comparison: invalid UTF-8 replaced, mark-up and entities removed, doubly encoded UTF-8 repaired,
// compatibility forms, case and accents levelled (Unicode NFKD, by ICU), so that copies that went through different
// systems read the same. The result is cut into words.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::dedup {

enum class CharClass : std::uint8_t { separator, ignorable, letter, digit, ideograph };

struct FoldedChar {
  char16_t to = 0;  // lower case, without accents; supplementary planes are hashed into the private use area
  CharClass type = CharClass::separator;
  bool capital = false;
};

FoldedChar fold(char32_t code_point);

// A run of letters and digits, or one character of a script without spaces (Han, kana, Thai, Lao, Khmer, Burmese).
struct Word {
  std::uint32_t begin = 0;  // in Folded::text
  std::uint32_t size = 0;
  bool capital = false;         // begins with a capital letter
  bool sentence_start = false;  // where a capital says nothing
  bool number = false;          // begins with a digit
  bool ideograph = false;
};

struct Folded {
  std::u16string text;  // words, one space between them; digits keep '.' inside a number ("3.8"), grouping is dropped
  std::vector<Word> words;
  std::size_t title_words = 0;  // the first of them are the title's
  std::size_t capitals = 0;     // words that begin with a capital letter

  std::u16string_view word(std::size_t i) const { return std::u16string_view(text).substr(words[i].begin, words[i].size); }
};

// Text beyond max_bytes is not read.
Folded fold(std::string_view title, std::string_view body, std::size_t max_bytes);

// The text as it was before UTF-8 was read as windows-1252 and encoded again ("Ã©" -> "é"); unchanged where it was not.
std::string repair_double_encoding(std::string_view utf8);
// Tags removed, character references decoded.
std::string strip_markup(std::string_view utf8);

std::uint64_t hash(std::u16string_view text, std::uint64_t seed = 0);

}  // namespace tidings::dedup
