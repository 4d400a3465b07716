#pragma once
// [[rule]] and [[hook]] tables of a configuration: read, and checked against each other. Internal to config/.

#include <functional>
#include <vector>

#include "alert/options.h"
#include "base/result.h"
#include "config/option.h"
#include "config/toml_reader.h"
#include "model/alert.h"

namespace tidings::config {

Table<model::Rule> rule_table();
// The keys of a [[hook]] but for the table `headers`. With a URL it is a webhook, with a command a program.
Table<alert::Hook> hook_table();

// With the table it stands in, which lives as long as its document.
struct RuleDraft {
  model::Rule rule;
  const toml::table* toml = nullptr;
  std::string file;
};
struct HookDraft {
  alert::Hook hook;
  const toml::table* toml = nullptr;
  std::string file;
};

RuleDraft read_rule(const toml::table& in, const Table<model::Rule>& table, TomlReader& reader);
HookDraft read_hook(const toml::table& in, const Table<alert::Hook>& table, TomlReader& reader);

// Ids that occur twice, hooks that are not there, and queries by `query` where there is one.
void check_alerts(const std::vector<RuleDraft>& rules, const std::vector<HookDraft>& hooks,
                  const std::function<Result<void>(std::string_view)>& query, std::vector<Mistake>& mistakes);

}  // namespace tidings::config
