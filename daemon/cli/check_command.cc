// `tidings check`: every mistake of a configuration, the documentation of all options, or the value of one.

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "config/document.h"
#include "config/load.h"

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

void print_mistakes(const config::Loaded& loaded) {
  const Terminal terminal = Terminal::of_stdout();
  for (const auto& mistake : loaded.mistakes) {
    const std::string line = config::to_string(mistake);
    const auto place = mistake.line > 0 ? fmt::format("{}:{}:{}:", mistake.file, mistake.line, mistake.column) : mistake.file + ":";
    fmt::print("{}{}\n", terminal.paint(place, Colour::bold), line.substr(std::min(place.size(), line.size())));
  }
  fmt::print("{}\n", terminal.paint(count(loaded.mistakes.size(), "mistake"), Colour::red));
}

int print_options(const CheckOptions& options) {
  if (options.json) {
    fmt::print("{}\n", json::serialize(config::options_as_json()));
  } else {
    fmt::print("{}", config::options_as_toml());
  }
  return 0;
}

int check(const CheckOptions& options) {
  if (options.options) return print_options(options);
  config::Overrides overrides = config::overrides_from_environment();
  overrides.plugin_directory = options.plugins;
  const config::Loaded loaded = config::load(options.file, overrides, checks());
  if (options.json && options.get.empty()) {
    print_json(loaded);
    return loaded.config ? 0 : 1;
  }
  if (!loaded.config) {
    print_mistakes(loaded);
    return 1;
  }
  if (!options.get.empty()) {
    const auto value = config::value_of(*loaded.config, options.get);
    if (!value) {
      fmt::print(stderr, "tidings check: there is no option '{}': `tidings check --options` names all\n", options.get);
      return 2;
    }
    fmt::print("{}\n", *value);
    return 0;
  }
  const config::Config& config = *loaded.config;
  fmt::print("{}: {}, {}, {}: fine\n", options.file, count(config.sources.size(), "source"), count(config.rules.size(), "rule"),
             count(config.hooks.size(), "hook"));
  return 0;
}

}  // namespace

CLI::App* add_check(CLI::App& app, Run& run) {
  auto options = std::make_shared<CheckOptions>();
  options->file = usual_config();
  auto* command = app.add_subcommand("check", "Read the configuration and name every mistake with its place");
  command->add_option("FILE", options->file, "The configuration file")->capture_default_str();
  command->add_option("--plugins", options->plugins, "Check against the plugins of this folder");
  command->add_option("--get", options->get, "Print the value of one option, such as redis.url");
  command->add_flag("--options", options->options, "Print every option with its default, as a commented configuration file");
  command->add_flag("--json", options->json, "For a program");
  command->callback([options, &run] { run = [options] { return check(*options); }; });
  return command;
}

}  // namespace tidings::cli
