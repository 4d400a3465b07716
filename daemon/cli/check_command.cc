// `tidings check`: every mistake of a configuration, the documentation of all options, or the value of one.

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "base/json.h"
#include "checks.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/mistake_lines.h"
#include "cli/settings.h"
#include "config/document.h"

namespace tidings::cli {
namespace {

struct CheckOptions {
  std::string file;
  std::string plugins;
  std::string get;
  bool options = false;
  bool json = false;
};

std::string count(std::size_t n, std::string_view what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); }

config::Loaded load(const CheckOptions& options) {
  config::Overrides overrides = config::overrides_from_environment();
  overrides.plugin_directory = options.plugins;
  plugin::Plugins plugins(Log::to_stderr(LogLevel::warning).room("plugin"));
  config::Checks checks = tidings::checks(plugins);
  std::string missing;
  checks.plugins = [&missing, catalog = checks.plugins](const std::string& folder) {
    const std::string there = plugin_folder(folder);
    if (!there.empty()) return catalog(there);
    missing = folder;
    return std::vector<config::PluginSpec>();
  };
  auto loaded = config::load(options.file, overrides, checks);
  if (missing.empty()) return loaded;
  fmt::print(stderr, "plugins are not looked at: there is no folder {}; --plugins names another\n", missing);
  checks.plugins = nullptr;
  return config::load(options.file, overrides, checks);
}

std::string line_of(const std::string& file, std::uint32_t number) {
  std::ifstream stream(file);
  std::string line;
  for (std::uint32_t i = 0; i < number; ++i) {
    if (!std::getline(stream, line)) return {};
  }
  return line;
}

void print_json(const config::Loaded& loaded) {
  json::array mistakes;
  for (const auto& mistake : loaded.mistakes) {
    mistakes.push_back(json::object{{"file", mistake.file},
                                    {"line", mistake.line},
                                    {"column", mistake.column},
                                    {"message", mistake.message},
                                    {"suggestion", mistake.suggestion}});
  }
  json::object out{{"fine", loaded.mistakes.empty()}, {"mistakes", std::move(mistakes)}};
  if (loaded.config) {
    out["sources"] = loaded.config->sources.size();
    out["rules"] = loaded.config->rules.size();
    out["hooks"] = loaded.config->hooks.size();
  }
  fmt::print("{}\n", json::serialize(out));
}

int print_options(const CheckOptions& options) {
  if (options.json) {
    fmt::print("{}\n", json::serialize(config::options_as_json()));
  } else {
    fmt::print("{}", config::options_as_toml());
  }
  return 0;
}

int print_value(const CheckOptions& options) {
  const auto config = settings(options.file);
  if (!config) return fail("check", config.error().message());
  const auto value = config::value_of(*config, options.get);
  if (!value) return misuse("check", fmt::format("there is no option '{}': `tidings check --options` names all", options.get));
  fmt::print("{}\n", *value);
  return 0;
}

int check(const CheckOptions& options) {
  if (options.options) return print_options(options);
  if (!options.get.empty()) return print_value(options);
  const config::Loaded loaded = load(options);
  if (options.json) {
    print_json(loaded);
  } else if (!loaded.config) {
    fmt::print("{}", mistake_lines(loaded.mistakes, Terminal::of_stdout(), line_of));
    std::fflush(stdout);
    fmt::print(stderr, "{}\n", count(loaded.mistakes.size(), "mistake"));
  } else {
    const config::Config& config = *loaded.config;
    fmt::print("{}: {}, {}, {}: fine\n", options.file, count(config.sources.size(), "source"), count(config.rules.size(), "rule"),
               count(config.hooks.size(), "hook"));
  }
  return loaded.config ? 0 : 1;
}

}  // namespace

CLI::App* add_check(CLI::App& app, Run& run) {
  auto options = std::make_shared<CheckOptions>();
  options->file = usual_config();
  auto* command = app.add_subcommand("check", "Read the configuration and name every mistake with its place");
  command->add_option("FILE", options->file, "The configuration file (TIDINGS_CONFIG in the environment names another)")->capture_default_str();
  command->add_option("--plugins", options->plugins, "Check against the plugins of this folder; else those of option daemon.plugin_directory")
      ->check(CLI::ExistingDirectory);
  auto* get = command->add_option("--get", options->get, "Print the value of one option, such as redis.url");
  command->add_flag("--options", options->options, "Print every option with its default, as a commented configuration file")->excludes(get);
  command->add_flag("--json", options->json, "For a program: {fine, mistakes: [{file, line, column, message, suggestion}]}; with --options an array");
  command->footer("A mistake is one line: FILE:LINE:COLUMN: what is wrong, and what was probably meant.\n\n" +
                  exit_statuses("no mistake", "mistakes"));
  command->callback([options, &run] { run = [options] { return check(*options); }; });
  return command;
}

}  // namespace tidings::cli
