#include "dedup/cross.h"

#include <unicode/locdspnm.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/tznames.h>
#include <unicode/uloc.h>

#include <array>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/hash.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kConsonants = 5;
constexpr std::size_t kPlaceStem = 6;     // case endings follow it
constexpr std::size_t kMaxPlaceWords = 6;  // ideographs

constexpr const char* kLocales[] = {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "tr",
                                    "sv", "cs", "ca", "ro", "el", "ar", "zh", "ja", "ko", "fa", "hu"};

// Keys by the hashes of names.
using Places = std::unordered_map<std::uint64_t, std::uint32_t>;

void add_place(Places& places, const icu::UnicodeString& name, std::string_view id) {
  std::string utf8;
  name.toUTF8String(utf8);
  const Folded folded = fold(utf8, {}, 200);
  if (folded.words.empty()) return;
  const auto key = static_cast<std::uint32_t>(hash64(id, 4) >> 16) | 1;
  if (folded.words[0].ideograph) {
    if (folded.words.size() < 2 || folded.words.size() > kMaxPlaceWords) return;
    std::u16string joined;
    for (std::size_t i = 0; i < folded.words.size(); ++i) joined += folded.word(i);
    places.emplace(hash(joined), key);
  } else if (folded.words.size() == 1 && folded.words[0].size >= 4) {
    places.emplace(hash(folded.word(0).substr(0, kPlaceStem)), key);
  }
}

const Places& places() {
  static const Places kPlaces = [] {
    Places out;
    for (const char* name : kLocales) {
      const icu::Locale locale(name);
      const std::unique_ptr<icu::LocaleDisplayNames> names(icu::LocaleDisplayNames::createInstance(locale));
      for (const char* const* country = uloc_getISOCountries(); *country != nullptr; ++country) {
        icu::UnicodeString spelt;
        names->regionDisplayName(*country, spelt);
        add_place(out, spelt, *country);
      }
      UErrorCode status = U_ZERO_ERROR;
      const std::unique_ptr<icu::TimeZoneNames> zones(icu::TimeZoneNames::createInstance(locale, status));
      const std::unique_ptr<icu::StringEnumeration> ids(
          icu::TimeZone::createTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL_LOCATION, nullptr, nullptr, status));
      if (U_FAILURE(status)) continue;
      while (const icu::UnicodeString* id = ids->snext(status)) {
        icu::UnicodeString city;
        zones->getExemplarLocationName(*id, city);
        std::string utf8;
        id->toUTF8String(utf8);
        if (!city.isEmpty()) add_place(out, city, utf8);
      }
    }
    return out;
  }();
  return kPlaces;
}

// The consonants that a folded letter stands for, in a coarse alphabet where spellings of one sound meet. "" is a vowel
// or silent; nullptr: not a letter of these scripts.
const char* sound_of(char16_t c) {
  static constexpr std::array<const char*, 26> kLatin = {"", "b", "k", "d", "", "f", "g", "", "", "j", "k", "l", "m",
                                                         "n", "", "p", "k", "r", "s", "t", "", "v", "v", "ks", "", "s"};
  static constexpr std::array<const char*, 32> kCyrillic = {"", "b", "v", "g", "d", "", "s", "s", "", "", "k", "l", "m", "n", "", "p",
                                                            "r", "s", "t", "", "f", "k", "ts", "k", "s", "s", "", "", "", "", "", ""};
  static constexpr std::array<const char*, 25> kGreek = {"", "v", "g", "d", "", "s", "", "t", "", "k", "l", "m", "n",
                                                         "ks", "", "p", "r", "s", "s", "t", "", "f", "k", "ps", ""};
  if (c >= u'a' && c <= u'z') return kLatin[static_cast<std::size_t>(c - u'a')];
  if (c >= 0x0430 && c <= 0x044F) return kCyrillic[static_cast<std::size_t>(c - 0x0430)];
  if (c >= 0x03B1 && c <= 0x03C9) return kGreek[static_cast<std::size_t>(c - 0x03B1)];
  switch (c) {
    case u'ß': return "s";
    case u'ł': return "l";
    case u'ø': case u'æ': case u'œ': case u'ı': case u'і': case u'є': case u'ї': case u'ا': case u'و': case u'ي': case u'ى': case u'ع': case u'ه': case u'ة': case u'ء': return "";
    case u'đ': case u'د': case u'ذ': case u'ض': return "d";
    case u'ґ': case u'غ': case u'گ': return "g";
    case u'ب': return "b";
    case u'پ': return "p";
    case u'ت': case u'ث': case u'ط': return "t";
    case u'ج': return "j";
    case u'ح': return "";
    case u'خ': case u'ق': case u'ك': case u'ک': return "k";
    case u'ر': return "r";
    case u'ز': case u'س': case u'ش': case u'ص': case u'ظ': return "s";
    case u'ف': return "f";
    case u'ل': return "l";
    case u'م': return "m";
    case u'ن': return "n";
    default: return nullptr;
  }
}

}  // namespace

std::uint32_t place_at(const Folded& text, std::size_t i, std::size_t& words) {
  const Word& word = text.words[i];
  words = 1;
  if (!word.ideograph) {
    if (word.size < 4 || !(word.capital || word.sentence_start || text.capitals == 0)) return 0;
    const auto found = places().find(hash(text.word(i).substr(0, kPlaceStem)));
    return found == places().end() ? 0 : found->second;
  }
  std::u16string name;
  std::uint32_t longest = 0;
  for (std::size_t n = 0; n < kMaxPlaceWords && i + n < text.words.size() && text.words[i + n].ideograph; ++n) {
    name += text.word(i + n);
    if (n == 0) continue;
    if (const auto found = places().find(hash(name)); found != places().end()) {
      longest = found->second;
      words = n + 1;
    }
  }
  return longest;
}

std::uint32_t consonant_key(std::u16string_view word) {
  char sounds[kConsonants + 2] = {};
  std::size_t n = 0;
  for (std::size_t i = 0; i < word.size() && n < kConsonants; ++i) {
    char16_t c = word[i];
    const char16_t next = i + 1 < word.size() ? word[i + 1] : u'\0';
    if (next == u'h' && (c == u'p' || c == u's' || c == u'c' || c == u'z' || c == u't' || c == u'k')) {
      if (c == u'p') c = u'f';
      ++i;
    }
    const char* sound = sound_of(c);
    if (sound == nullptr) return 0;
    for (; *sound != '\0' && n < kConsonants; ++sound) {
      if (n > 0 && sounds[n - 1] == *sound) continue;
      sounds[n++] = *sound;
    }
  }
  if (n < 2) return 0;
  return static_cast<std::uint32_t>(hash64({sounds, n}, 5) >> 16) | 1;
}

}  // namespace tidings::dedup
