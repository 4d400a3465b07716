#include "dedup/figures.h"

#include <fmt/format.h>
#include <unicode/rbnf.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <bitset>
#include <cmath>
#include <unordered_map>

namespace tidings::dedup {
namespace {

constexpr std::size_t kContextWords = 2;
// Shorter words for numbers are other words as well.
constexpr std::uint32_t kMinNumberWord = 2;

// Number words by ICU's spell-out rules, folded. One is left out: in many languages it is an article.
struct NumberWords {
  std::unordered_map<std::uint64_t, float> values;  // by the hash of the word
  std::bitset<4096> shapes;                         // most words are passed over by these

  static std::size_t shape_of(std::u16string_view word) {
    return (word[0] * std::size_t{5} + word[1] * std::size_t{67} + word.back() * std::size_t{311} + word.size()) % 4096;
  }
};

const NumberWords& number_words() {
  static const auto kWords = [] {
    NumberWords words;
    for (const char* locale : {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "tr", "sv", "cs", "ca", "ro", "el", "ar"}) {
      UErrorCode status = U_ZERO_ERROR;
      const icu::RuleBasedNumberFormat format(icu::URBNF_SPELLOUT, icu::Locale(locale), status);
      if (U_FAILURE(status)) continue;
      for (const int n : {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 30, 40, 50, 60, 70, 80, 90}) {
        icu::UnicodeString spelt;
        format.format(static_cast<int32_t>(n), spelt);
        std::string utf8;
        spelt.toUTF8String(utf8);
        const Folded folded = fold(utf8, {}, 100);
        if (folded.words.size() != 1 || folded.word(0).size() < kMinNumberWord) continue;
        words.values.emplace(hash(folded.word(0)), static_cast<float>(n));
        words.shapes.set(NumberWords::shape_of(folded.word(0)));
      }
    }
    return words;
  }();
  return kWords;
}

// The number's digits as a value; more than one point leaves them all out ("2.32.34").
float value_of(std::u16string_view digits) {
  const bool decimal = std::count(digits.begin(), digits.end(), u'.') == 1;
  double value = 0;
  double scale = 0;
  for (const char16_t c : digits) {
    if (c == u'.') {
      if (decimal) scale = 1;
      continue;
    }
    if (c < u'0' || c > u'9') return NAN;  // "a320" begins with a letter; "5g" was cut
    value = value * 10 + (c - u'0');
    scale *= 10;
  }
  return static_cast<float>(scale > 1 ? value / scale : value);
}

struct Spot {
  std::size_t word = 0;
  float value = 0;
};

}  // namespace

std::vector<Figure> find_figures(const Folded& text) {
  std::vector<Spot> spots;
  std::vector<bool> is_figure(text.words.size());
  const auto& words = number_words();
  for (std::size_t i = 0; i < text.words.size(); ++i) {
    float value = NAN;
    if (text.words[i].number) {
      value = value_of(text.word(i));
    } else if (!text.words[i].ideograph && text.words[i].size >= kMinNumberWord && words.shapes[NumberWords::shape_of(text.word(i))]) {
      if (const auto found = words.values.find(hash(text.word(i))); found != words.values.end()) value = found->second;
    }
    if (std::isnan(value)) continue;
    is_figure[i] = true;
    if (spots.size() < kMaxFigures) spots.push_back({i, value});
  }
  std::vector<Figure> out;
  out.reserve(spots.size());
  // Another figure in the context reads as "a figure", since it may have changed as well. What stands in another
  // sentence is no context: copies put other sentences beside it.
  const auto begins = [&](std::size_t i) { return text.words[i].sentence_start || i == text.title_words; };
  for (const Spot& spot : spots) {
    std::uint64_t h = 0x51ED270B;
    bool any = false;
    const auto add = [&](std::size_t i) {
      h = is_figure[i] ? h * 0x9E3779B97F4A7C15U + 1 : hash(text.word(i), h);
      any |= !is_figure[i];
    };
    std::size_t from = spot.word;
    while (from > 0 && spot.word - from < kContextWords && !begins(from)) --from;
    for (std::size_t i = from; i < spot.word; ++i) add(i);
    h = h * 0x9E3779B97F4A7C15U + 3;  // the place of the figure itself
    for (std::size_t i = spot.word + 1; i < text.words.size() && i <= spot.word + kContextWords && !begins(i); ++i) add(i);
    if (any) out.push_back({spot.value, static_cast<std::uint32_t>(h >> (64 - kContextBits))});
  }
  return out;
}

FigureMatch match_figures(std::span<const Figure> from, std::span<const Figure> to) {
  FigureMatch out;
  for (const Figure& a : from) {
    const Figure* changed = nullptr;
    bool same = false;
    for (const Figure& b : to) {
      if (a.context != b.context) continue;
      if (a.value == b.value) {
        same = true;
        break;
      }
      changed = &b;
    }
    if (same) {
      ++out.same;
    } else if (changed != nullptr) {
      out.changed.push_back({a.value, changed->value});
    }
  }
  return out;
}

std::string in_words(std::span<const FigureChange> changes) {
  std::string out;
  for (const FigureChange& change : changes) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{} -> {}", change.from, change.to);
  }
  return out;
}

}  // namespace tidings::dedup
