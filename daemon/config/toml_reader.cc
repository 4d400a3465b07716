#include "config/toml_reader.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "base/text.h"
#include "config/source_id.h"
#include "config/units.h"
#include "config/url_check.h"

namespace tidings::config {
namespace {

constexpr int kMaxSyntaxErrors = 20;

std::string_view type_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a string";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::none: return "nothing";
    default: return "a date";
  }
}

std::string_view wanted(const Description& option) {
  switch (option.kind) {
    case Kind::boolean: return "true or false";
    case Kind::integer: return "a whole number";
    case Kind::number: return "a number";
    case Kind::duration: return "a duration such as \"90s\" or \"1h30m\"";
    case Kind::size: return "a size such as \"16MiB\" or \"64KiB\"";
    case Kind::texts: return "a list of strings";
    case Kind::integers: return "a list of whole numbers";
    case Kind::pairs: return "a table of strings";
    case Kind::text:
    case Kind::path:
    case Kind::url: return "a string";
  }
  return "a value";
}

// The value as it would stand in the file, for messages; short.
std::string shown(const toml::node& node) {
  if (const auto* text = node.as_string()) return fmt::format("\"{}\"", text::truncate_utf8(text->get(), 60));
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  return std::string(type_of(node));
}

// Where a line starts in the text, and where it ends (its newline or the end).
std::pair<std::size_t, std::size_t> line_at(std::string_view text, std::uint32_t line) {
  std::size_t begin = 0;
  for (std::uint32_t i = 1; i < line && begin < text.size(); ++i) {
    const auto newline = text.find('\n', begin);
    begin = newline == std::string_view::npos ? text.size() : newline + 1;
  }
  const auto end = text.find('\n', begin);
  return {begin, end == std::string_view::npos ? text.size() : end};
}

// A line `key = value` that can be left out without changing what the lines after it mean.
bool stands_alone(std::string_view line) {
  const auto key = text::trim(line.substr(0, line.find('=')));
  const bool is_key = !key.empty() && line.find('=') != std::string_view::npos &&
                      key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.\"'") == std::string_view::npos;
  return is_key && line.find("\"\"\"") == std::string_view::npos && line.find("'''") == std::string_view::npos;
}

}  // namespace

toml::table parse_toml(const std::string& file, std::string text, std::vector<Mistake>& mistakes) {
  for (int errors = 0; errors < kMaxSyntaxErrors; ++errors) {
    try {
      return toml::parse(std::string_view(text), std::string_view(file));
    } catch (const toml::parse_error& error) {
      auto where = error.source().begin;
      auto [begin, end] = line_at(text, where.line);
      // A line that breaks off is told where the next one begins.
      if (where.column == 1 && where.line > 1 && !stands_alone(std::string_view(text).substr(begin, end - begin))) {
        std::tie(begin, end) = line_at(text, --where.line);
        where.column = static_cast<toml::source_index>(end - begin + 1);
      }
      mistakes.push_back({file, where.line, where.column, fmt::format("this is not TOML: {}", error.description()), {}});
      const auto line = std::string_view(text).substr(begin, end - begin);
      if (!stands_alone(line)) return {};
      text.replace(begin, end - begin, "#");
    }
  }
  return {};
}

std::string TomlReader::origin(const toml::source_region& where) const { return fmt::format("{}:{}", file_, where.begin.line); }

void TomlReader::mistake(const toml::source_region& where, std::string message, std::string_view suggestion) {
  mistakes_.push_back({file_, where.begin.line, where.begin.column, std::move(message), std::string(suggestion)});
}

void TomlReader::unknown(const toml::key& key, const std::string& what, const std::vector<std::string_view>& known) {
  mistake(key.source(), fmt::format("{} has no option '{}'", what, key.str()), text::nearest(key.str(), known));
}

void TomlReader::missing(const toml::source_region& where, std::string_view key, const std::string& what) {
  mistake(where, fmt::format("{} needs '{}'", what, key));
}

const toml::table* TomlReader::table(const toml::table& in, std::string_view key, const std::string& name) {
  const auto* node = in.get(key);
  if (node == nullptr) return nullptr;
  if (!node->is_table()) mistake(node->source(), fmt::format("{} must be a table, not {}", name, shown(*node)));
  return node->as_table();
}

std::vector<const toml::table*> TomlReader::tables(const toml::table& in, std::string_view key) {
  std::vector<const toml::table*> out;
  const auto* node = in.get(key);
  if (node == nullptr) return out;
  const auto* array = node->as_array();
  if (array == nullptr) {
    mistake(node->source(), fmt::format("write [[{0}]] with two brackets: there can be more than one {0}", key));
    return out;
  }
  for (const auto& element : *array) {
    if (const auto* one = element.as_table()) {
      out.push_back(one);
    } else {
      mistake(element.source(), fmt::format("each {} must be a table, not {}", key, shown(element)));
    }
  }
  return out;
}

const toml::source_region& TomlReader::place(const toml::table& in, std::string_view key) const {
  const auto* node = in.get(key);
  return node != nullptr ? node->source() : in.source();
}

std::vector<std::pair<std::string, std::string>> TomlReader::headers(const toml::table& in) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto* headers = table(in, "headers", "headers");
  if (headers == nullptr) return out;
  for (auto&& [key, node] : *headers) {
    const auto* text = node.as_string();
    if (text == nullptr || text->get().find_first_of("\r\n") != std::string::npos) {
      mistake(node.source(), fmt::format("the header '{}' must be a string of one line", key.str()));
    } else {
      out.emplace_back(key.str(), text->get());
    }
  }
  return out;
}

void TomlReader::check_id(const toml::table& in, const std::string& id) {
  const auto* node = in.get("id");
  if (node == nullptr || !node->is_string()) return;
  if (!is_id(id)) {
    mistake(node->source(), fmt::format("the id '{}' must be of small letters, digits, '.', '_' and '-'", id));
  }
}

std::optional<Value> TomlReader::number_in(const Value& value, double number, const toml::node& node, const Description& option,
                                           const std::string& name) {
  if (number >= option.min && number <= option.max) return value;
  const auto bound = [&](double limit) {
    return option.kind == Kind::number ? fmt::format("{}", limit) : to_text(static_cast<std::int64_t>(limit), option);
  };
  mistake(node.source(), fmt::format("{} must be from {} to {}, not {}", name, bound(option.min), bound(option.max), shown(node)));
  return std::nullopt;
}

std::optional<Value> TomlReader::text_value(const toml::node& node, const Description& option, const std::string& name) {
  const std::string text = node.as_string()->get();
  if (option.kind == Kind::duration || option.kind == Kind::size) {
    std::optional<std::int64_t> number;
    if (option.kind == Kind::size) {
      number = parse_size(text);
    } else if (const auto duration = parse_duration(text)) {
      number = duration->count();
    }
    if (!number) {
      mistake(node.source(), fmt::format("{} must be {}, not {}", name, wanted(option), shown(node)));
      return std::nullopt;
    }
    if (*number % option.unit != 0) {
      mistake(node.source(), fmt::format("{} must be a multiple of {}, not {}", name, format_duration(Micros(option.unit)), shown(node)));
      return std::nullopt;
    }
    return number_in(*number, static_cast<double>(*number), node, option, name);
  }
  if (!option.choices.empty() && std::find(option.choices.begin(), option.choices.end(), text) == option.choices.end()) {
    const std::vector<std::string_view> choices(option.choices.begin(), option.choices.end());
    mistake(node.source(), fmt::format("{} must be one of {}, not {}", name, fmt::join(choices, ", "), shown(node)), text::nearest(text, choices));
    return std::nullopt;
  }
  if (option.kind == Kind::url && !(option.may_be_empty && text.empty())) {
    const bool is_websocket = option.may_be_websocket && (text::starts_with_ignoring_case(text, "ws://") || text::starts_with_ignoring_case(text, "wss://"));
    const std::string web_url = is_websocket ? "http" + text.substr(2) : text;
    if (const std::string flaw = url_flaw(web_url); !flaw.empty()) {
      mistake(node.source(), fmt::format("{} {}: {}", name, flaw, shown(node)));
      return std::nullopt;
    }
  }
  if (option.kind == Kind::path && !text.empty()) return (folder_ / text).lexically_normal().string();
  return text;
}

std::optional<Value> TomlReader::texts_value(const toml::node& node, const std::string& name) {
  std::vector<std::string> texts;
  bool is_good = true;
  for (const auto& element : *node.as_array()) {
    if (const auto* text = element.as_string()) {
      texts.push_back(text->get());
    } else {
      mistake(element.source(), fmt::format("{} must be a list of strings, and {} is none", name, shown(element)));
      is_good = false;
    }
  }
  if (!is_good) return std::nullopt;
  return texts;
}

std::optional<Value> TomlReader::integers_value(const toml::node& node, const Description& option, const std::string& name) {
  std::vector<std::int64_t> numbers;
  bool is_good = true;
  for (const auto& element : *node.as_array()) {
    if (const auto* number = element.as_integer()) {
      is_good = number_in(number->get(), static_cast<double>(number->get()), element, option, name) && is_good;
      numbers.push_back(number->get());
    } else {
      mistake(element.source(), fmt::format("{} must be a list of whole numbers, and {} is none", name, shown(element)));
      is_good = false;
    }
  }
  if (!is_good) return std::nullopt;
  return numbers;
}

std::optional<Value> TomlReader::pairs_value(const toml::node& node, const std::string& name) {
  std::map<std::string, std::string> pairs;
  bool is_good = true;
  for (auto&& [key, element] : *node.as_table()) {
    if (const auto* text = element.as_string()) {
      pairs.emplace(key.str(), text->get());
    } else {
      mistake(element.source(), fmt::format("{} must be a table of strings, and {} is none", name, shown(element)));
      is_good = false;
    }
  }
  if (!is_good) return std::nullopt;
  return pairs;
}

std::optional<Value> TomlReader::value(const toml::node& node, const Description& option, const std::string& name) {
  const bool takes_text = option.kind == Kind::text || option.kind == Kind::path || option.kind == Kind::url ||
                          option.kind == Kind::duration || option.kind == Kind::size;
  if (takes_text && node.is_string()) return text_value(node, option, name);
  if (option.kind == Kind::texts && node.is_array()) return texts_value(node, name);
  if (option.kind == Kind::integers && node.is_array()) return integers_value(node, option, name);
  if (option.kind == Kind::pairs && node.is_table()) return pairs_value(node, name);
  if (option.kind == Kind::boolean && node.is_boolean()) return node.as_boolean()->get();
  if (node.is_integer() && (option.kind == Kind::integer || option.kind == Kind::size)) {
    const std::int64_t number = node.as_integer()->get();
    return number_in(number, static_cast<double>(number), node, option, name);
  }
  if (option.kind == Kind::number && node.is_number()) {
    const double number = node.value<double>().value_or(std::nan(""));
    return number_in(number, number, node, option, name);
  }
  mistake(node.source(), fmt::format("{} must be {}, not {}", name, wanted(option), shown(node)));
  return std::nullopt;
}

}  // namespace tidings::config
