#include "json/wide.h"

#include <algorithm>

#include "base/text.h"

namespace tidings::json_feed {
namespace {

using namespace std::string_view_literals;

struct Width {
  std::size_t bytes;
  bool is_little_endian;
  const char* name;
};
constexpr Width kUtf32Little{4, true, "utf-32le"};
constexpr Width kUtf32Big{4, false, "utf-32be"};
constexpr Width kUtf16Little{2, true, "utf-16le"};
constexpr Width kUtf16Big{2, false, "utf-16be"};

const Width* width_of(std::string_view s) {
  if (s.starts_with("\xFF\xFE\0\0"sv)) return &kUtf32Little;
  if (s.starts_with("\0\0\xFE\xFF"sv)) return &kUtf32Big;
  if (s.starts_with("\xFF\xFE"sv)) return &kUtf16Little;
  if (s.starts_with("\xFE\xFF"sv)) return &kUtf16Big;
  if (s.size() < 4) return nullptr;
  const auto zero = [&](std::size_t i) { return s[i] == '\0'; };
  if (zero(0) && zero(1) && zero(2) && !zero(3)) return &kUtf32Big;
  if (!zero(0) && zero(1) && zero(2) && zero(3)) return &kUtf32Little;
  if (zero(0) && !zero(1) && zero(2) && !zero(3)) return &kUtf16Big;
  if (!zero(0) && zero(1) && !zero(2) && zero(3)) return &kUtf16Little;
  return nullptr;
}

char32_t unit(std::string_view bytes, bool is_little_endian) {
  char32_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t at = is_little_endian ? bytes.size() - 1 - i : i;
    value = value << 8 | static_cast<unsigned char>(bytes[at]);
  }
  return value;
}

}  // namespace

std::optional<Narrowed> narrowed(std::string_view bytes) {
  const Width* width = width_of(bytes);
  if (width == nullptr) return {};
  Narrowed out;
  out.encoding = width->name;
  out.utf8.reserve(bytes.size() / 2 + bytes.size() / 4);
  char32_t high = 0;  // the first half of a pair of surrogates
  for (; !bytes.empty(); bytes.remove_prefix(std::min(width->bytes, bytes.size()))) {
    const std::string_view of_unit = bytes.substr(0, width->bytes);
    const char32_t c = of_unit.size() == width->bytes ? unit(of_unit, width->is_little_endian) : 0xFFFD;
    const bool is_low = c >= 0xDC00 && c < 0xE000;
    if (high != 0 && is_low) {
      text::append_utf8(out.utf8, 0x10000 + (((high - 0xD800) << 10) | (c - 0xDC00)));
      high = 0;
      continue;
    }
    if (high != 0) text::append_utf8(out.utf8, 0xFFFD);
    high = width->bytes == 2 && c >= 0xD800 && c < 0xDC00 ? c : 0;
    if (high == 0 && !(out.utf8.empty() && c == 0xFEFF)) text::append_utf8(out.utf8, c);
  }
  if (high != 0) text::append_utf8(out.utf8, 0xFFFD);
  return out;
}

}  // namespace tidings::json_feed
