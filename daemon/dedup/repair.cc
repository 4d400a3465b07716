// Undoing what publishing systems do to text: mark-up left in it, UTF-8 encoded twice.

#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "dedup/fold.h"
#include "dedup/utf8.h"

namespace tidings::dedup {
namespace {

// Windows-1252 0x80-0x9F; 0 where it has no character.
constexpr std::array<char32_t, 32> kWindows1252 = {
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

// The byte that windows-1252 reads as this character, or -1.
int byte_of(char32_t c) {
  if (c >= 0x80 && c <= 0xFF) return static_cast<int>(c);  // 0x80-0x9F: control characters kept as they were
  for (std::size_t i = 0; i < kWindows1252.size(); ++i) {
    if (c != 0 && kWindows1252[i] == c) return static_cast<int>(0x80 + i);
  }
  return -1;
}

// The continuation byte most likely lost where a system replaced what windows-1252 cannot show: the commonest Cyrillic
// letters of those that need such a byte.
int lost_byte(unsigned char lead) { return lead == 0xD0 ? 0x90 : lead == 0xD1 ? 0x81 : -1; }

// Reads one doubly encoded character at `at`; returns false and leaves `at` where there is none.
bool read_double(std::string_view s, std::size_t& at, char32_t& out) {
  std::size_t i = at;
  const int lead = byte_of(next_code_point(s, i));
  const int more = lead >= 0xF0 && lead <= 0xF4 ? 3 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xC2 && lead < 0xE0 ? 1 : 0;
  if (more == 0) return false;
  char32_t c = static_cast<char32_t>(lead) & (0x3FU >> more);
  for (int k = 0; k < more; ++k) {
    if (i >= s.size()) return false;
    const char32_t next = next_code_point(s, i);
    const int byte = next == 0xFFFD && more == 1 ? lost_byte(static_cast<unsigned char>(lead)) : byte_of(next);
    if (byte < 0x80 || byte > 0xBF) return false;
    c = (c << 6) | (static_cast<char32_t>(byte) & 0x3FU);
  }
  if (c < 0x80 || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) return false;
  out = c;
  at = i;
  return true;
}

constexpr std::pair<std::string_view, char32_t> kEntities[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},    {"nbsp", ' '},
    {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D},
    {"hellip", 0x2026}, {"laquo", 0xAB},  {"raquo", 0xBB},   {"shy", 0xAD},     {"euro", 0x20AC},  {"pound", 0xA3}};

// Reads a character reference at s[0] == '&': its length, or 0.
std::size_t read_reference(std::string_view s, char32_t& out) {
  const std::size_t end = s.substr(0, 12).find(';');
  if (end == std::string_view::npos || end < 2) return 0;
  const std::string_view name = s.substr(1, end - 1);
  if (name[0] == '#') {
    const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hex ? 2 : 1);
    std::uint32_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || value == 0 || value > 0x10FFFF) return 0;
    out = value;
    return end + 1;
  }
  for (const auto& [known, code_point] : kEntities) {
    if (known == name) {
      out = code_point;
      return end + 1;
    }
  }
  return 0;
}

// The length of a tag or comment at s[0] == '<', or 0: "<p>", "</a>", "<br/>", but not "3 < 4" nor "<MPH>".
std::size_t tag_length(std::string_view s) {
  if (s.starts_with("<!--")) {
    const std::size_t end = s.find("-->");
    return end == std::string_view::npos ? 0 : end + 3;
  }
  std::size_t i = 1;
  if (i < s.size() && s[i] == '/') ++i;
  if (i >= s.size() || s[i] < 'a' || s[i] > 'z') return 0;
  const std::size_t end = s.substr(0, 2000).find_first_of("<>", i);
  return end == std::string_view::npos || s[end] != '>' ? 0 : end + 1;
}

}  // namespace

std::string repair_double_encoding(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const auto byte = static_cast<unsigned char>(utf8[at]);
    // Only U+00C2 to U+00F4 can stand for a lead byte, and these begin with 0xC3.
    char32_t c = 0;
    if (byte == 0xC3) {
      if (read_double(utf8, at, c)) {
        text::append_utf8(out, c);
        continue;
      }
    }
    out.push_back(utf8[at++]);
  }
  return out;
}

std::string strip_markup(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    std::size_t stop = at;
    while (stop < utf8.size() && utf8[stop] != '<' && utf8[stop] != '&') ++stop;
    out.append(utf8.substr(at, stop - at));
    at = stop;
    if (at >= utf8.size()) break;
    const std::string_view rest = utf8.substr(at);
    char32_t c = 0;
    if (rest[0] == '<') {
      const std::size_t length = tag_length(rest);
      out.push_back(length > 0 ? ' ' : '<');
      at += length > 0 ? length : 1;
    } else if (const std::size_t length = read_reference(rest, c); length > 0) {
      text::append_utf8(out, c);
      at += length;
    } else {
      out.push_back('&');
      ++at;
    }
  }
  return out;
}

}  // namespace tidings::dedup
