#pragma once
// Small operations on ASCII and UTF-8 text. Locale-free; views returned point into the argument.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::text {

constexpr bool is_ascii_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
constexpr char to_ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr std::string_view trim(std::string_view s) {
  while (!s.empty() && is_ascii_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_ascii_space(s.back())) s.remove_suffix(1);
  return s;
}
std::string ascii_lower(std::string_view s);
// ASCII letters only.
constexpr bool starts_with_ignoring_case(std::string_view s, std::string_view prefix) {
  if (s.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (s[i] != prefix[i] && to_ascii_lower(s[i]) != to_ascii_lower(prefix[i])) return false;
  }
  return true;
}
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && starts_with_ignoring_case(a, b);
}

// Splits at each separator; empty parts are kept.
std::vector<std::string_view> split(std::string_view s, char separator);

// White space of any kind becomes one space, none at the ends.
std::string collapse_space(std::string_view s);

bool is_ascii(std::string_view s);
// How many bytes stand before the first that is not ASCII.
std::size_t ascii_prefix(std::string_view s);
bool is_valid_utf8(std::string_view s);
// Each maximal invalid sequence becomes U+FFFD (Unicode 15, section 3.9, best practice).
std::string repair_utf8(std::string_view s);
void append_utf8(std::string& out, char32_t code_point);
// The longest prefix of at most max_bytes that does not cut a code point.
std::string_view truncate_utf8(std::string_view s, std::size_t max_bytes);

std::string to_hex(std::uint64_t value);  // 16 digits
std::string to_hex(std::string_view bytes);
bool from_hex(std::string_view hex, std::uint64_t& value);  // exactly 16 digits

// The candidate within Levenshtein distance 2 of `word`, nearest first, or empty: for "did you mean".
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace tidings::text
