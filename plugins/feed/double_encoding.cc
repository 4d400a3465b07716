#include "feed/double_encoding.h"

#include <algorithm>

#include "base/text.h"

namespace tidings::feed {
namespace {

constexpr char32_t kHigh[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// The place of the next C1 control: 0xC2 and a byte below 0xA0.
std::size_t find_c1(std::string_view s, std::size_t from) {
  for (std::size_t at = s.find('\xC2', from); at != std::string_view::npos; at = s.find('\xC2', at + 1)) {
    if (at + 1 < s.size() && static_cast<unsigned char>(s[at + 1]) < 0xA0) return at;
  }
  return std::string_view::npos;
}

}  // namespace

char32_t windows_1252(unsigned char byte) { return byte >= 0x80 && byte < 0xA0 ? kHigh[byte - 0x80] : byte; }

bool has_encoded_lead(std::string_view s) {
  const std::size_t first = text::ascii_prefix(s);
  return first + 2 < s.size() && static_cast<unsigned char>(s[first]) == 0xC3 && static_cast<unsigned char>(s[first + 2]) >= 0x80;
}

std::optional<std::string> undo_double_encoding(std::string_view s) {
  std::string out;
  std::size_t expected = 0;  // bytes that the sequence begun last still needs: most text fails here, and soon
  const auto put = [&](unsigned char byte) {
    if (expected > 0 ? (byte & 0xC0) != 0x80 : byte < 0xC2 || byte > 0xF4) return false;
    expected = expected > 0 ? expected - 1 : byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    out += static_cast<char>(byte);
    return true;
  };
  for (std::size_t i = 0; i < s.size();) {
    const auto b = static_cast<unsigned char>(s[i]);
    if (b < 0x80) {
      if (expected > 0) return {};
      std::size_t end = i + 1;
      while (end < s.size() && static_cast<unsigned char>(s[end]) < 0x80) ++end;
      out.append(s.substr(i, end - i));
      i = end;
      continue;
    }
    char32_t c = 0;
    const std::size_t length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
    if (length == 4 || i + length > s.size()) return {};
    c = length == 2 ? b & 0x1F : b & 0x0F;
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(s[i + k]) & 0x3F);
    i += length;
    if (c >= 0x80 && c < 0x100) {
      if (!put(static_cast<unsigned char>(c))) return {};
      continue;
    }
    const auto* found = std::find(std::begin(kHigh), std::end(kHigh), c);
    if (found == std::end(kHigh)) return {};
    if (!put(static_cast<unsigned char>(0x80 + (found - kHigh)))) return {};
  }
  return expected == 0 && text::is_valid_utf8(out) ? std::optional<std::string>(std::move(out)) : std::nullopt;
}

bool has_c1_controls(std::string_view utf8) { return find_c1(utf8, 0) != std::string_view::npos; }

std::string without_c1_controls(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  std::size_t from = 0;
  for (std::size_t at = find_c1(s, 0); at != std::string_view::npos; at = find_c1(s, from)) {
    out.append(s.substr(from, at - from));
    text::append_utf8(out, windows_1252(static_cast<unsigned char>(s[at + 1])));
    from = at + 2;
  }
  out.append(s.substr(from));
  return out;
}

}  // namespace tidings::feed
