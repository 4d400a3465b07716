#include "config/alerts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>

#include "base/text.h"

namespace tidings::config {
namespace {

using alert::Hook;
using model::Rule;

// Tells an id that an earlier draft of the same kind has.
class Ids {
 public:
  void add(TomlReader& reader, const toml::table& in, std::string_view kind, std::string_view id, std::string_view origin) {
    if (id.empty()) return;
    const auto [earlier, is_new] = first_.emplace(id, origin);
    if (!is_new) reader.mistake(reader.place(in, "id"), fmt::format("there is already a {} '{}' at {}", kind, id, earlier->second));
  }

 private:
  std::map<std::string_view, std::string_view> first_;
};

// The place of a query's flaw, which says "column N: " of the query, in the file itself; nothing where the query stands
// there with escapes or on several lines.
std::optional<toml::source_region> place_in_query(const toml::table& in, const std::string& query, std::uint32_t column) {
  const auto& whole = in.get("query")->source();
  const auto characters = std::count_if(query.begin(), query.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  const bool is_plain = whole.begin.line == whole.end.line && whole.end.column == whole.begin.column + static_cast<std::uint32_t>(characters) + 2;
  if (!is_plain) return std::nullopt;
  toml::source_region exact = whole;
  exact.begin.column += column;  // the quote counts for the 1 that columns begin with
  return exact;
}

void tell_query(TomlReader& reader, const toml::table& in, const Rule& rule, std::string_view flaw) {
  constexpr std::string_view kColumn = "column ";
  const std::string what = fmt::format("the query of the rule '{}'", rule.id);
  std::uint32_t column = 0;
  if (flaw.starts_with(kColumn)) {
    const auto [end, error] = std::from_chars(flaw.data() + kColumn.size(), flaw.data() + flaw.size(), column);
    const std::string_view rest = flaw.substr(static_cast<std::size_t>(end - flaw.data()));
    const auto exact = error == std::errc() && rest.starts_with(": ") ? place_in_query(in, rule.query, column) : std::nullopt;
    if (exact) return reader.mistake(*exact, fmt::format("{}: {}", what, rest.substr(2)));
  }
  reader.mistake(reader.place(in, "query"), fmt::format("{}: {}", what, flaw));
}

// Where the list `hooks` of a rule names this one.
const toml::source_region& place_of_hook(const TomlReader& reader, const toml::table& in, const std::string& hook) {
  const auto* list = in.get("hooks")->as_array();
  const auto same = [&](const toml::node& node) { return node.is_string() && node.as_string()->get() == hook; };
  const auto found = list != nullptr ? std::find_if(list->begin(), list->end(), same) : toml::array::const_iterator();
  return list != nullptr && found != list->end() ? found->source() : reader.place(in, "hooks");
}

void check_command(const toml::table& in, const Hook& hook, TomlReader& reader) {
  if (!hook.command.empty() && !hook.command.front().starts_with('/')) {
    reader.mistake(reader.place(in, "command"), fmt::format("the program of the hook '{}' must be an absolute path", hook.id));
  }
}

}  // namespace

Table<Rule> rule_table() {
  Table<Rule> table;
  Section<Rule, Rule> rule(table);
  rule.text("id", &Rule::id, "The rule's name: small letters, digits, '.', '_' and '-'; unique.").required();
  rule.text("query", &Rule::query, "What it looks for: words, \"phrases\", AND OR NOT, parentheses, title: source: lang: fields.").required();
  rule.texts("hooks", &Rule::hooks, "The hooks that its alerts go to; every alert is on the stream of alerts as well.");
  rule.flag("once_per_story", &Rule::once_per_story, "One alert for all the items that tell one event.");
  rule.flag("updates", &Rule::updates, "Updated items count, not only new ones.");
  rule.duration("throttle", &Rule::throttle, Micros(0), std::chrono::hours(24 * 30), "No second alert of the rule within this time.");
  return table;
}

Table<Hook> hook_table() {
  Table<Hook> table;
  Section<Hook, Hook> hook(table);
  hook.text("id", &Hook::id, "The hook's name: small letters, digits, '.', '_' and '-'; unique.").required();
  hook.url("url", &Hook::url, "Webhook: alerts are sent by POST to this URL.");
  hook.texts("secrets", &Hook::secrets, "Webhook: what signs it by Standard Webhooks, \"whsec_\" and base64; two while one is being changed.");
  hook.flag("allow_private", &Hook::allow_private, "Webhook: the URL may lead to a loopback or private address.");
  hook.texts("command", &Hook::command, "Program: its absolute path and arguments; the alert comes on its standard input, no shell.");
  hook.duration("timeout", &Hook::timeout, std::chrono::milliseconds(100), std::chrono::minutes(10), "Time limit of one attempt.");
  hook.integer("max_concurrent", &Hook::max_concurrent, 1, 1000, "Deliveries under way at once; 1 keeps them in order.");
  return table;
}

RuleDraft read_rule(const toml::table& in, const Table<Rule>& table, TomlReader& reader) {
  RuleDraft draft{{}, &in, reader.file()};
  draft.rule.origin = reader.origin(in.source());
  reader.options(in, table, "", draft.rule, "a rule");
  reader.check_id(in, draft.rule.id);
  return draft;
}

HookDraft read_hook(const toml::table& in, const Table<Hook>& table, TomlReader& reader) {
  HookDraft draft{{}, &in, reader.file()};
  Hook& hook = draft.hook;
  hook.origin = reader.origin(in.source());
  reader.options(in, table, "", hook, "a hook", {"headers"});
  reader.check_id(in, hook.id);
  for (auto& [name, value] : reader.headers(in)) hook.headers.emplace_back(std::move(name), std::move(value));
  if (in.contains("url") == in.contains("command")) {
    reader.mistake(in.source(), "a hook has either a 'url' (a webhook) or a 'command' (a program)");
  }
  hook.kind = in.contains("command") ? alert::HookKind::exec : alert::HookKind::webhook;
  check_command(in, hook, reader);
  return draft;
}

void check_alerts(const std::vector<RuleDraft>& rules, const std::vector<HookDraft>& hooks,
                  const std::function<Result<void>(std::string_view)>& query, std::vector<Mistake>& mistakes) {
  Ids hook_ids;
  std::vector<std::string_view> known;
  for (const auto& [hook, toml, file] : hooks) {
    TomlReader reader(file, mistakes);
    hook_ids.add(reader, *toml, "hook", hook.id, hook.origin);
    known.push_back(hook.id);
  }
  Ids rule_ids;
  for (const auto& [rule, toml, file] : rules) {
    TomlReader reader(file, mistakes);
    rule_ids.add(reader, *toml, "rule", rule.id, rule.origin);
    for (const auto& hook : rule.hooks) {
      if (std::find(known.begin(), known.end(), hook) != known.end()) continue;
      reader.mistake(place_of_hook(reader, *toml, hook), fmt::format("the rule '{}' names a hook '{}' that is not there", rule.id, hook),
                     text::nearest(hook, known));
    }
    if (!query || rule.query.empty()) continue;
    if (const auto parsed = query(rule.query); !parsed) tell_query(reader, *toml, rule, parsed.error().message());
  }
}

}  // namespace tidings::config
