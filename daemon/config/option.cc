#include "config/option.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "config/units.h"

namespace tidings::config {
std::string toml_string(std::string_view text) {
  // JSON's escapes are those of TOML, which wants DEL escaped as well.
  std::string out;
  for (const char c : json::serialize(json::value(std::string_view(text::repair_utf8(text))))) {
    if (c == '\x7f') {
      out += "\\u007F";
    } else {
      out += c;
    }
  }
  return out;
}

std::string to_text(const Value& value, const Description& option) {
  struct Visitor {
    const Description& option;
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(std::int64_t number) const {
      if (option.kind == Kind::duration) return format_duration(Micros(number));
      if (option.kind == Kind::size) return format_size(number);
      return fmt::format("{}", number);
    }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const std::vector<std::string>& texts) const { return fmt::format("{}", fmt::join(texts, " ")); }
    std::string operator()(const std::vector<std::int64_t>& numbers) const { return fmt::format("{}", fmt::join(numbers, " ")); }
    std::string operator()(const std::map<std::string, std::string>& pairs) const {
      std::vector<std::string> parts;
      for (const auto& [key, text] : pairs) parts.push_back(fmt::format("{}={}", key, text));
      return fmt::format("{}", fmt::join(parts, " "));
    }
  };
  return std::visit(Visitor{option}, value);
}

std::string to_toml(const Value& value, const Description& option) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    std::vector<std::string> parts;
    for (const auto& text : *texts) parts.push_back(toml_string(text));
    return fmt::format("[{}]", fmt::join(parts, ", "));
  }
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value)) return fmt::format("[{}]", fmt::join(*numbers, ", "));
  if (const auto* pairs = std::get_if<std::map<std::string, std::string>>(&value)) {
    std::vector<std::string> parts;
    for (const auto& [key, text] : *pairs) parts.push_back(fmt::format("{} = {}", toml_string(key), toml_string(text)));
    return fmt::format("{{{}}}", fmt::join(parts, ", "));
  }
  const std::string text = to_text(value, option);
  const bool is_quoted = std::holds_alternative<std::string>(value) || option.kind == Kind::duration || option.kind == Kind::size;
  return is_quoted && value.index() != 0 ? toml_string(text) : text;
}

}  // namespace tidings::config
