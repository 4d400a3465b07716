#pragma once
// Reads a configuration: the main file and what its `include` names beside it. Every mistake is told, not only the
// first. Reads files; no other effect.
//
// Layout: options, [[source]], [[rule]] and [[hook]] in the main file; sources, rules and hooks in any other.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/mistake.h"
#include "config/plugin_options.h"

namespace tidings::config {

// What wins over the files; empty: the file's word. For the command line and the environment.
struct Overrides {
  std::string redis_url;
  std::string state_directory;
  std::string plugin_directory;
};
// TIDINGS_REDIS_URL.
Overrides overrides_from_environment();

struct Loaded {
  std::optional<Config> config;  // there where there is no mistake
  std::vector<Mistake> mistakes;
};

// What a configuration is checked with beyond its own rules; an empty function: not checked.
struct Checks {
  PluginCatalog plugins;
  std::function<Result<void>(std::string_view query)> query;  // of a rule: alert::parse or the like
};

Loaded load(const std::string& file, const Overrides& overrides, const Checks& checks);

// A document of the configuration, by its name for messages.
struct Document {
  std::string file;
  std::string text;
};
// What `include` gives: the documents that the patterns name.
using Include = std::function<std::vector<Document>(const std::vector<std::string>& patterns, std::vector<Mistake>& mistakes)>;

// The pure part of load().
Loaded read(const Document& main, const Include& include, const Overrides& overrides, const Checks& checks);

}  // namespace tidings::config
