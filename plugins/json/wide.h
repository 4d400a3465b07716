#pragma once
// JSON in UTF-16 or UTF-32, which RFC 8259 no longer allows and some servers still send.

#include <optional>
#include <string>
#include <string_view>

namespace tidings::json_feed {

struct Narrowed {
  std::string utf8;  // without a byte order mark; U+FFFD stands for what is no character
  const char* encoding = "";
};

// By a byte order mark, else by where the zeros of the first two characters are, which are ASCII in every JSON text
// (RFC 4627, section 3). Nothing: it is neither, so UTF-8.
std::optional<Narrowed> narrowed(std::string_view bytes);

}  // namespace tidings::json_feed
