#include "base/json.h"

#include <fmt/format.h>

#include <boost/json/parser.hpp>
#include <boost/json/src.hpp>

namespace tidings::json {

Result<value> parse(std::string_view text) {
  boost::json::error_code error;
  boost::json::parser parser;
  const std::size_t used = parser.write_some(text.data(), text.size(), error);
  if (!error && text.find_first_not_of(" \t\r\n", used) != std::string_view::npos) {
    return Error(Errc::invalid, fmt::format("JSON has trailing text at byte {}", used));
  }
  if (error) return Error(Errc::invalid, fmt::format("JSON breaks at byte {}: {}", used, error.message()));
  return parser.release();
}

std::string_view string_at(const object& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  const auto* string = member != nullptr ? member->if_string() : nullptr;
  return string != nullptr ? std::string_view(*string) : std::string_view();
}

double number_at(const object& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  return member != nullptr && member->is_number() ? member->to_number<double>() : 0;
}

bool bool_at(const object& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  return member != nullptr && member->is_bool() && member->get_bool();
}

const object& object_at(const object& in, std::string_view key) {
  static const object kNone;
  const auto* member = in.if_contains(key);
  return member != nullptr && member->is_object() ? member->get_object() : kNone;
}

}  // namespace tidings::json
