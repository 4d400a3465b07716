#include "dedup/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/unistr.h>

#include <array>
#include <memory>

#include "base/hash.h"
#include "dedup/utf8.h"

namespace tidings::dedup {
namespace {

// Marks that only accent a letter; in other scripts they are vowels and stay.
bool mark_is_accent(UScriptCode script) {
  return script == USCRIPT_INHERITED || script == USCRIPT_COMMON || script == USCRIPT_LATIN || script == USCRIPT_GREEK ||
         script == USCRIPT_CYRILLIC || script == USCRIPT_ARABIC || script == USCRIPT_HEBREW;
}

bool written_without_spaces(UScriptCode script) {
  switch (script) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return true;
    default: return false;
  }
}

UScriptCode script_of(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &status);
}

CharClass class_of(char32_t c) {
  const auto cp = static_cast<UChar32>(c);
  switch (u_charType(cp)) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER: {
      // The prolonged sound mark is of no script and written in kana.
      const UScriptCode script = script_of(c);
      const bool kana = script == USCRIPT_COMMON && uscript_hasScript(cp, USCRIPT_KATAKANA) != 0;
      return kana || written_without_spaces(script) ? CharClass::ideograph : CharClass::letter;
    }
    case U_DECIMAL_DIGIT_NUMBER: return CharClass::digit;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK: {
      const UScriptCode script = script_of(c);
      if (mark_is_accent(script)) return CharClass::ignorable;
      return written_without_spaces(script) ? CharClass::ideograph : CharClass::letter;
    }
    case U_FORMAT_CHAR: return CharClass::ignorable;  // zero-width, soft hyphen, bidirectional controls
    default: return CharClass::separator;
  }
}

FoldedChar compute(char32_t c) {
  FoldedChar out;
  out.type = class_of(c);
  if (out.type == CharClass::separator || out.type == CharClass::ignorable) {
    // Compatibility forms of digits such as ² stay separators; ﬁ and its like are letters already.
    return out;
  }
  const auto cp = static_cast<UChar32>(c);
  out.capital = u_isupper(cp) != 0 || u_istitle(cp) != 0;
  if (out.type == CharClass::digit) {
    out.to = static_cast<char16_t>(u'0' + u_charDigitValue(cp));
    return out;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(status);
  UChar32 base = cp;
  icu::UnicodeString decomposed;
  const bool hangul = c >= 0xAC00 && c <= 0xD7A3;  // its syllables stay whole
  if (U_SUCCESS(status) && !hangul && nfkd->getDecomposition(cp, decomposed) && !decomposed.isEmpty()) {
    base = decomposed.char32At(0);
    if (!u_isalpha(base)) base = cp;
  }
  base = u_foldCase(base, U_FOLD_CASE_DEFAULT);
  if (base == 0x0131) base = 'i';  // Turkish dotless i: upper-casing in another locale loses it
  out.to = base <= 0xFFFF ? static_cast<char16_t>(base)
                          : static_cast<char16_t>(0xE000 + (static_cast<std::uint32_t>(base) * 0x9E3779B1U >> 20));
  return out;
}

using Table = std::array<FoldedChar, 0x10000>;

const Table& table() {
  static const std::unique_ptr<const Table> kTable = [] {
    auto made = std::make_unique<Table>();
    for (char32_t c = 0; c < 0x10000; ++c) {
      if (c < 0xD800 || c > 0xDFFF) (*made)[c] = compute(c);
    }
    return made;
  }();
  return *kTable;
}

bool ends_sentence(char32_t c) {
  return c == '.' || c == '!' || c == '?' || c == ':' || c == '\n' || c == 0x3002 || c == 0x2026 || c == '"' || c == 0x201C ||
         c == 0xAB;
}

// Adds the words of one field to a Folded.
class Cutter {
 public:
  Cutter(Folded& out, const Table& chars) : out_(out), chars_(chars), to_(out.text.data()) {}

  void cut(std::string_view utf8) {
    // A byte gives a character and a space before it at most.
    const auto size = static_cast<std::size_t>(to_ - out_.text.data());
    out_.text.resize(size + 2 * utf8.size());
    to_ = out_.text.data() + size;
    sentence_start_ = true;
    for (std::size_t at = 0; at < utf8.size();) {
      const char32_t c = next_code_point(utf8, at);
      const FoldedChar f = c < 0x10000 ? chars_[c] : compute(c);
      switch (f.type) {
        case CharClass::ignorable: break;
        case CharClass::letter:
          letter(f);
          // The rest of a plain word needs no look at the table.
          for (; at < utf8.size() && is_ascii_letter(utf8[at]); ++at) append_letter(static_cast<char16_t>(utf8[at] | 0x20));
          break;
        case CharClass::digit: digit(f); break;
        case CharClass::ideograph:
          finish();
          open(f.capital, false);
          out_.words.back().ideograph = true;
          append(f.to);
          finish();
          break;
        case CharClass::separator: separator(c, utf8, at); break;
      }
    }
    finish();
    out_.text.resize(static_cast<std::size_t>(to_ - out_.text.data()));
  }

 private:
  void open(bool capital, bool number) {
    if (to_ != out_.text.data()) *to_++ = u' ';
    Word word;
    word.begin = static_cast<std::uint32_t>(to_ - out_.text.data());
    word.capital = capital;
    word.sentence_start = sentence_start_;
    word.number = number;
    out_.words.push_back(word);
    out_.capitals += capital;
    sentence_start_ = false;
    in_word_ = true;
    in_number_ = number;
    points_group_ = false;
  }
  void append(char16_t c) {
    *to_++ = c;
    ++out_.words.back().size;
  }
  void append_letter(char16_t c) {
    if (out_.words.back().size < kMaxWord) append(c);
  }
  static bool is_ascii_letter(char c) { return static_cast<unsigned>((c | 0x20) - 'a') < 26; }
  void finish() { in_word_ = in_number_ = false; }
  void letter(const FoldedChar& f) {
    if (in_number_) finish();  // "3bn", "20th": a figure and a word
    if (!in_word_) open(f.capital, false);
    append_letter(f.to);
  }
  void digit(const FoldedChar& f) {
    if (!in_word_) open(false, true);
    if (out_.words.back().size < kMaxWord) append(f.to);
  }
  // A point or comma between digits belongs to the number; before exactly three digits it only groups them.
  void separator(char32_t c, std::string_view utf8, std::size_t at) {
    if (in_number_ && (c == '.' || c == ',' || c == 0xA0 || c == 0x202F || c == '\'')) {
      std::size_t digits = 0;
      while (at + digits < utf8.size() && utf8[at + digits] >= '0' && utf8[at + digits] <= '9') ++digits;
      const bool groups = c != '.' || points_group_ || grouped(utf8, at);
      if (digits == 3 && out_.words.back().size <= 12 && groups) {
        points_group_ = c == '.';
        return;
      }
      if (digits > 0 && (c == '.' || c == ',')) {
        append(u'.');
        return;
      }
    }
    if (c == '\'' || c == 0x2019 || c == 0x2BC) {  // "week's" and "week’s", "d'Italia"
      finish();
      return;
    }
    finish();
    if (ends_sentence(c)) sentence_start_ = true;
  }
  // "1.234.567" groups; "1.547" alone is a decimal.
  static bool grouped(std::string_view utf8, std::size_t at) {
    return at + 3 < utf8.size() && utf8[at + 3] == '.' && at + 4 < utf8.size() && utf8[at + 4] >= '0' && utf8[at + 4] <= '9';
  }

  static constexpr std::uint32_t kMaxWord = 64;  // more of one word says nothing more

  Folded& out_;
  const Table& chars_;
  char16_t* to_;  // in out_.text
  bool in_word_ = false;
  bool in_number_ = false;
  bool points_group_ = false;  // in this number they do: "1.234.567"
  bool sentence_start_ = true;
};

}  // namespace

FoldedChar fold(char32_t code_point) { return code_point < 0x10000 ? table()[code_point] : compute(code_point); }

Folded fold(std::string_view title, std::string_view body, std::size_t max_bytes) {
  Folded out;
  const std::size_t bytes = std::min(2 * max_bytes, title.size() + body.size());
  out.text.reserve(2 * bytes + 1);
  out.words.reserve(bytes / 5);
  Cutter cutter(out, table());
  const auto cut = [&](std::string_view text) {
    std::string clean;
    if (text.find('<') != text.npos || text.find('&') != text.npos) text = clean = strip_markup(text);
    // What is doubly encoded has a character from U+00C0 to U+00FF.
    if (text.find('\xC3') != text.npos) text = clean = repair_double_encoding(text);
    cutter.cut(text);
  };
  cut(title.substr(0, max_bytes));
  out.title_words = out.words.size();
  cut(body.substr(0, max_bytes));
  return out;
}

std::uint64_t hash(std::u16string_view text, std::uint64_t seed) {
  return hash64({reinterpret_cast<const char*>(text.data()), text.size() * sizeof(char16_t)}, seed);
}

}  // namespace tidings::dedup
