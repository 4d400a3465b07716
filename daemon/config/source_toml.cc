#include "config/source_toml.h"

#include <fmt/format.h>

#include "base/json.h"
#include "config/option.h"
#include "config/sources.h"

namespace tidings::config {
namespace {

// TOML has no null: such members are left out.
std::string toml_value(const json::value& value) {
  std::vector<std::string> parts;
  if (const auto* text = value.if_string()) return toml_string(*text);
  if (const auto* list = value.if_array()) {
    for (const auto& element : *list) {
      if (!element.is_null()) parts.push_back(toml_value(element));
    }
    return fmt::format("[{}]", fmt::join(parts, ", "));
  }
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      if (!member.is_null()) parts.push_back(fmt::format("{} = {}", toml_string(key), toml_value(member)));
    }
    return fmt::format("{{{}}}", fmt::join(parts, ", "));
  }
  if (const auto* number = value.if_double()) return fmt::format("{:#}", *number);  // keeps its point: 3.0
  return json::serialize(value);
}

std::string one(const model::Source& source, const Table<model::Source>& table) {
  model::Source defaults;
  std::string out = "[[source]]\n";
  for (const auto& option : table) {
    const Value value = option.get(source);
    if (value != option.get(defaults)) out += fmt::format("{} = {}\n", option.key, to_toml(value, option));
  }
  if (!source.settings->headers.empty()) {
    std::vector<std::string> parts;
    for (const auto& header : source.settings->headers) parts.push_back(fmt::format("{} = {}", toml_string(header.name), toml_string(header.value)));
    out += fmt::format("headers = {{{}}}\n", fmt::join(parts, ", "));
  }
  if (!source.settings->options.empty()) {
    out += "[source.options]\n";
    for (const auto& [name, text] : source.settings->options) {
      const auto value = json::parse(text);
      if (value && !value->is_null()) out += fmt::format("{} = {}\n", toml_string(name), toml_value(*value));
    }
  }
  return out;
}

}  // namespace

std::string sources_as_toml(const std::vector<model::Source>& sources) {
  const auto table = source_table();
  std::string out;
  for (const auto& source : sources) {
    if (!out.empty()) out += '\n';
    out += one(source, table);
  }
  return out;
}

}  // namespace tidings::config
