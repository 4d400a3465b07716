// Bytes to text: the first line is the charset of Content-Type, the rest the document. What comes out is UTF-8 without
// what XML forbids, and is named and explained.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "feed/double_encoding.h"
#include "feed/encoding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view document = input.substr(std::min(end + 1, input.size()));
  tidings::feed::Decoded out;
  tidings::feed::decode(document, tidings::feed::charset_of(input.substr(0, end)), {}, out);
  const bool fine = tidings::text::is_valid_utf8(out.text) && !out.encoding.empty() && !out.reason.empty() &&
                    std::none_of(out.text.begin(), out.text.end(), [](char c) {
                      return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
                    });
  if (!fine) std::abort();
  if (!tidings::text::is_valid_utf8(tidings::feed::without_c1_controls(out.text))) std::abort();
  const auto once = tidings::feed::undo_double_encoding(out.text);
  if (once && (!tidings::text::is_valid_utf8(*once) || once->size() > out.text.size())) std::abort();
  return 0;
}
