#include "config/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/alerts.h"
#include "config/sources.h"

namespace tidings::config {
namespace {

constexpr std::size_t kWidth = 110;

constexpr std::string_view kHead =
    "# The configuration of tidings: every option, with its default. An option that is commented out has the value that\n"
    "# stands here. `tidings check` tells every mistake; SIGHUP, or `systemctl reload tidingsd`, reads it again: sources,\n"
    "# rules, hooks and the options marked (live) are applied at once, the others at the next start.\n"
    "#\n"
    "# Durations: \"90s\", \"1h30m\", \"250ms\", \"7d\". Sizes: \"16MiB\", \"64kB\" or a number of bytes. Paths are relative to the\n"
    "# folder of the file that names them.\n";

constexpr std::string_view kLists =
    "\n# Sources, rules and hooks stand here or in the files of `include`, any number of each.\n";

// The sentence in lines that begin with "# ".
std::string comment(std::string_view sentence) {
  std::string out;
  std::string line = "#";
  for (const auto word : text::split(sentence, ' ')) {
    if (line.size() + 1 + word.size() > kWidth) {
      out += line + '\n';
      line = "#";
    }
    line += ' ';
    line += word;
  }
  return out + line + '\n';
}

std::string bound(double limit, const Description& option) {
  return option.kind == Kind::number ? fmt::format("{}", limit) : to_text(static_cast<std::int64_t>(limit), option);
}

// What the option may be, for its comment.
std::string domain(const Description& option) {
  if (!option.choices.empty()) return fmt::format(" One of {}.", fmt::join(option.choices, ", "));
  if (option.min == 0 && option.max == 0) return {};
  return fmt::format(" From {} to {}.", bound(option.min, option), bound(option.max, option));
}

template <class Root>
std::string rows(const Table<Root>& table, std::string_view section) {
  std::string out;
  const Root defaults{};
  for (const auto& option : table) {
    if (option.section != section) continue;
    out += '\n' + comment(option.help + domain(option) + (option.is_live ? " (live)" : ""));
    out += fmt::format("#{} = {}\n", option.key, to_toml(option.get(defaults), option));
  }
  return out;
}

// The keys of a list's table as comments: there is no default that could stand.
template <class Root>
std::string keys(const Table<Root>& table, std::string_view list, std::string_view others) {
  std::string out = fmt::format("\n#[[{}]]\n", list);
  for (const auto& option : table) {
    out += comment(fmt::format("{}: {}{}{}", option.key, option.help, domain(option), option.is_required ? " Required." : ""));
  }
  return out + std::string(others);
}

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "boolean";
    case Kind::integer: return "integer";
    case Kind::number: return "number";
    case Kind::duration: return "duration";
    case Kind::size: return "size";
    case Kind::text: return "string";
    case Kind::path: return "path";
    case Kind::url: return "url";
    case Kind::texts: return "strings";
    case Kind::integers: return "integers";
    case Kind::pairs: return "table";
  }
  return "string";
}

template <class Root>
void append(json::array& out, const Table<Root>& table, std::string_view list) {
  const Root defaults{};
  for (const auto& option : table) {
    json::object row;
    row["path"] = list.empty() ? option.path() : fmt::format("{}.{}", list, option.key);
    row["type"] = type_of(option.kind);
    if (option.is_required) row["required"] = true;
    row["default"] = to_text(option.get(defaults), option);
    if (option.min != 0 || option.max != 0) {
      row["min"] = bound(option.min, option);
      row["max"] = bound(option.max, option);
    }
    if (!option.choices.empty()) row["choices"] = json::array(option.choices.begin(), option.choices.end());
    row["live"] = option.is_live || !list.empty();
    row["help"] = option.help;
    out.push_back(std::move(row));
  }
}

}  // namespace

std::string options_as_toml() {
  const auto table = option_table();
  std::string out(kHead);
  out += rows(table, "");
  for (const auto& section : section_help()) {
    out += '\n' + comment(section.help) + fmt::format("[{}]\n", section.name);
    out += rows(table, section.name);
  }
  out += kLists;
  out += keys(source_table(), "source",
              "# headers: Request headers, a table of strings: headers = {Accept = \"application/rss+xml\"}.\n"
              "# [source.options]: What the plugin takes; `tidings plugin` tells it.\n");
  out += keys(rule_table(), "rule", "");
  out += keys(hook_table(), "hook", "# headers: Webhook: request headers, a table of strings.\n");
  return out;
}

json::array options_as_json() {
  json::array out;
  append(out, option_table(), "");
  append(out, source_table(), "source");
  append(out, rule_table(), "rule");
  append(out, hook_table(), "hook");
  return out;
}

std::optional<std::string> value_of(const Config& config, std::string_view path) {
  const auto table = option_table();
  const auto option = std::find_if(table.begin(), table.end(), [&](const auto& one) { return one.path() == path; });
  if (option == table.end()) return std::nullopt;
  return to_text(option->get(config), *option);
}

}  // namespace tidings::config
