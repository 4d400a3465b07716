#pragma once
// A reply of Redis (RESP2) as a plain value.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::redis {

struct Reply {
  enum class Type : std::uint8_t { nil, status, error, string, integer, array };
  Type type = Type::nil;
  std::string text;  // status, error, string
  std::int64_t integer = 0;
  std::vector<Reply> elements;

  bool is_error() const { return type == Type::error; }
  // The first word of an error or status: "OOM", "NOSCRIPT", "OK".
  std::string_view word() const { return std::string_view(text).substr(0, text.find(' ')); }
};

}  // namespace tidings::redis
