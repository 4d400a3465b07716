#include "alert/words.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace tidings::alert {
namespace {

// ICU's own singletons; they exist wherever its tables do.
const icu::Normalizer2& nfkd() {
  UErrorCode status = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFKDInstance(status);
}
const icu::Normalizer2& nfc() {
  UErrorCode status = U_ZERO_ERROR;
  return *icu::Normalizer2::getNFCInstance(status);
}

// Letters that have no decomposition, as readers without that keyboard write them.
std::u16string_view plain_letters(UChar32 c) {
  switch (c) {
    case 0x00E6: return u"ae";
    case 0x0153: return u"oe";
    case 0x00F8: return u"o";
    case 0x0111: case 0x00F0: return u"d";
    case 0x0127: return u"h";
    case 0x0131: return u"i";
    case 0x0142: return u"l";
    case 0x0167: return u"t";
    case 0x00FE: return u"th";
    case 0x03C2: return u"\u03C3";
    default: return {};
  }
}

// Marks that readers leave out: accents of Latin, Greek and Cyrillic, Arabic and Hebrew vowel signs. The vowel signs of
// Indic scripts and the voicing marks of kana are letters to their readers and stay.
bool is_dropped_mark(UChar32 c, UChar32 base) {
  const bool short_i_or_u = c == 0x0306 && (base == 0x0418 || base == 0x0438 || base == 0x0423 || base == 0x0443);
  if (c >= 0x0300 && c <= 0x036F) return !short_i_or_u;
  if ((c >= 0x064B && c <= 0x065F) || c == 0x0670 || c == 0x0640) return true;
  return c >= 0x0591 && c <= 0x05C7 && u_charType(c) == U_NON_SPACING_MARK;
}

bool is_spaceless(UChar32 c) {
  if (c < 0x0E00) return false;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(c, &status)) {
    case USCRIPT_HAN: case USCRIPT_HIRAGANA: case USCRIPT_KATAKANA: case USCRIPT_THAI: case USCRIPT_LAO:
    case USCRIPT_KHMER: case USCRIPT_MYANMAR: case USCRIPT_BOPOMOFO:
      return true;
    default:
      return false;
  }
}

bool is_word(UChar32 c) { return u_isalnum(c) != 0 || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

constexpr bool is_ascii_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

icu::UnicodeString folded(std::string_view utf8) {
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(utf8.size(), std::numeric_limits<std::int32_t>::max()));
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString decomposed =
      nfkd().normalize(icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), size)), status);
  icu::UnicodeString kept;
  UChar32 base = 0;
  for (std::int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    const UChar32 c = decomposed.char32At(i);
    if (is_dropped_mark(c, base)) continue;
    base = c;
    kept.append(c);
  }
  kept.foldCase();
  icu::UnicodeString plain;
  for (std::int32_t i = 0; i < kept.length(); i = kept.moveIndex32(i, 1)) {
    const std::u16string_view letters = plain_letters(kept.char32At(i));
    if (letters.empty()) {
      plain.append(kept.char32At(i));
    } else {
      plain.append(letters.data(), static_cast<std::int32_t>(letters.size()));
    }
  }
  return nfc().normalize(plain, status);
}

}  // namespace

// White space parts the text into chunks; the many that are plain ASCII go the short way.
void Words::append(std::string_view utf8) {
  while (!utf8.empty()) {
    std::size_t end = 0;
    bool ascii = true;
    for (; end < utf8.size() && !text::is_ascii_space(utf8[end]); ++end) ascii &= static_cast<signed char>(utf8[end]) >= 0;
    ascii ? append_ascii(utf8.substr(0, end)) : append_unicode(utf8.substr(0, end));
    utf8.remove_prefix(std::min(end + 1, utf8.size()));
  }
}

void Words::clear() {
  text_.clear();
  ends_.clear();
}

std::vector<std::string> Words::strings() const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < size(); ++i) all.emplace_back((*this)[i]);
  return all;
}

void Words::append_ascii(std::string_view chunk) {
  for (const char c : chunk) {
    if (is_ascii_word(c)) {
      text_ += text::to_ascii_lower(c);
    } else {
      end_word();
    }
  }
  end_word();
}

void Words::append_unicode(std::string_view chunk) {
  const icu::UnicodeString letters = folded(chunk);
  for (std::int32_t i = 0; i < letters.length(); i = letters.moveIndex32(i, 1)) {
    const UChar32 c = letters.char32At(i);
    if (!is_word(c)) {
      end_word();
    } else if (is_spaceless(c)) {
      end_word();
      text::append_utf8(text_, static_cast<char32_t>(c));
      end_word();
    } else {
      text::append_utf8(text_, static_cast<char32_t>(c));
    }
  }
  end_word();
}

void Words::end_word() {
  const std::size_t begin = ends_.empty() ? 0 : ends_.back();
  if (text_.size() > begin) ends_.push_back(static_cast<std::uint32_t>(text_.size()));
}

}  // namespace tidings::alert
