#include "normalize/css.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace tidings::normalize {
namespace {

using std::string_view;

constexpr string_view kProperties[] = {
    "azimuth", "background-color", "background-x", "background-y", "border-bottom-color", "border-collapse", "border-color",
    "border-left-color", "border-right-color", "border-top-color", "clear", "color", "cursor", "direction", "display",
    "elevation", "float", "font", "font-family", "font-size", "font-style", "font-variant", "font-weight", "height",
    "letter-spacing", "line-height", "list-style-type", "max-height", "max-width", "min-height", "min-width", "overflow",
    "pause", "pause-after", "pause-before", "pitch", "pitch-range", "richness", "speak", "speak-header", "speak-numeral",
    "speak-punctuation", "speech-rate", "stress", "text-align", "text-decoration", "text-indent", "unicode-bidi",
    "vertical-align", "voice-family", "volume", "white-space", "width", "word-spacing",
};

// Of background-, border-, margin- and padding- properties: each word of the value is one of these or a measure.
constexpr string_view kKeywords[] = {
    "!important", "aqua", "auto", "black", "block", "blue", "bold", "both", "bottom", "brown", "center", "collapse",
    "dashed", "dotted", "double", "fuchsia", "gray", "green", "inset", "italic", "left", "lime", "maroon", "medium",
    "navy", "none", "normal", "nowrap", "olive", "outset", "pointer", "purple", "red", "right", "silver", "solid", "teal",
    "thick", "thin", "top", "transparent", "underline", "white", "yellow",
};
static_assert(std::is_sorted(std::begin(kProperties), std::end(kProperties)));
static_assert(std::is_sorted(std::begin(kKeywords), std::end(kKeywords)));

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (text::to_ascii_lower(c) >= 'a' && text::to_ascii_lower(c) <= 'z') || c == '_'; }

template <std::size_t N>
bool holds(const string_view (&names)[N], string_view name) {
  return std::binary_search(std::begin(names), std::end(names), name);
}

// Takes url(...) out, so that the rest of its declaration can be judged.
std::string without_urls(string_view style) {
  std::string out;
  while (!style.empty()) {
    auto at = style.size();
    for (std::size_t i = 0; i + 4 <= style.size(); ++i) {
      if (text::starts_with_ignoring_case(style.substr(i), "url(")) {
        at = i;
        break;
      }
    }
    out += style.substr(0, at);
    if (at == style.size()) break;
    const auto end = style.find(')', at);
    if (end == string_view::npos) return {};
    out += ' ';
    style.remove_prefix(end + 1);
  }
  return out;
}

// Only signs that can do no harm: no backslash, no comment, no @, no brackets but those of numbers.
bool is_plain(string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    if (c == '\'' || c == '"') {
      const auto end = s.find(c, i + 1);
      if (end == string_view::npos) return false;
      const string_view quoted = s.substr(i + 1, end - i - 1);
      if (!std::all_of(quoted.begin(), quoted.end(), [](char q) { return is_word(q) || q == ' ' || q == '-'; })) return false;
      i = end;
    } else if (c == '(') {
      const string_view before = s.substr(0, i);
      const bool colour = before.size() >= 3 && (text::equal_ignoring_case(before.substr(i - 3), "rgb") ||
                                                 (i >= 4 && text::equal_ignoring_case(before.substr(i - 4), "rgba")));
      const auto end = s.find(')', i);
      if (!colour || end == string_view::npos) return false;
      const string_view numbers = s.substr(i + 1, end - i - 1);
      const auto in_colour = [](char n) { return is_digit(n) || n == ',' || n == ' ' || n == '.' || n == '%'; };
      if (!std::all_of(numbers.begin(), numbers.end(), in_colour)) return false;
      i = end;
    } else if (!is_word(c) && !text::is_ascii_space(c) && string_view(":,;#%.!-").find(c) == string_view::npos) {
      return false;
    }
  }
  return true;
}

// A keyword, #colour, rgb(...) or part of it, or a number with a unit.
bool is_measure_or_keyword(string_view word) {
  if (holds(kKeywords, text::ascii_lower(word))) return true;
  if (word.starts_with('#')) return word.size() > 1 && std::all_of(word.begin() + 1, word.end(), is_word);
  if (text::starts_with_ignoring_case(word, "rgb") || word.ends_with("%)")) return true;
  while (!word.empty() && (word.front() == '-' || word.front() == '+')) word.remove_prefix(1);
  std::size_t digits = 0;
  while (digits < word.size() && (is_digit(word[digits]) || word[digits] == '.')) ++digits;
  string_view unit = word.substr(digits);
  while (!unit.empty() && (unit.back() == ',' || unit.back() == ')')) unit.remove_suffix(1);
  constexpr string_view kUnits[] = {"", "%", "cm", "em", "ex", "in", "mm", "pc", "pt", "px", "rem"};
  const std::size_t whole = std::min(word.find('.'), digits);
  return digits > 0 && whole <= 4 && holds(kUnits, text::ascii_lower(unit));
}

bool is_safe(string_view property, string_view value) {
  const std::string name = text::ascii_lower(property);
  if (holds(kProperties, name)) return true;
  const string_view group = string_view(name).substr(0, name.find('-'));
  if (group != "background" && group != "border" && group != "margin" && group != "padding") return false;
  for (const string_view word : text::split(value, ' ')) {
    if (!word.empty() && !is_measure_or_keyword(word)) return false;
  }
  return true;
}

}  // namespace

std::string sanitize_style(string_view style) {
  const std::string cleaned = without_urls(style);
  if (!is_plain(cleaned)) return {};
  std::string out;
  for (const string_view declaration : text::split(cleaned, ';')) {
    if (text::trim(declaration).empty()) continue;
    const auto colon = declaration.find(':');
    if (colon == string_view::npos) return {};
    const string_view name = text::trim(declaration.substr(0, colon));
    const std::string value = text::collapse_space(declaration.substr(colon + 1));
    if (name.empty() || value.find(':') != std::string::npos) return {};
    if (!std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '-'; })) return {};
    if (value.empty() || !is_safe(name, value)) continue;
    if (!out.empty()) out += ' ';
    (((out += name) += ": ") += value) += ';';
  }
  return out;
}

bool hides(string_view style) {
  for (const string_view declaration : text::split(style, ';')) {
    const auto colon = declaration.find(':');
    if (colon == string_view::npos) continue;
    const std::string name = text::ascii_lower(text::trim(declaration.substr(0, colon)));
    const std::string value = text::ascii_lower(text::trim(declaration.substr(colon + 1)));
    if ((name == "display" && value.starts_with("none")) || (name == "visibility" && value.starts_with("hidden"))) return true;
  }
  return false;
}

}  // namespace tidings::normalize
