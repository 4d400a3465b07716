#include "web/query.h"

#include <charconv>

#include "base/text.h"

namespace tidings::web {

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size()) {
      const char* digits = text.data() + i + 1;
      const auto read = std::from_chars(digits, digits + 2, value, 16);
      if (read.ec == std::errc() && read.ptr == digits + 2) {
        out.push_back(static_cast<char>(value));
        i += 2;
        continue;
      }
    }
    out.push_back(text[i] == '+' ? ' ' : text[i]);
  }
  return out;
}

std::string query_value(std::string_view query, std::string_view name) {
  for (const std::string_view pair : text::split(query, '&')) {
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && percent_decode(pair.substr(0, equals)) == name) return percent_decode(pair.substr(equals + 1));
  }
  return {};
}

}  // namespace tidings::web
