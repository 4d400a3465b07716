// `tidings plugin`: which plugins there are and what options they take; and whether one holds the rules.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>

#include "base/json.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "plugin/conformance.h"
#include "plugin/exec_source.h"
#include "plugin/plugins.h"

namespace tidings::cli {
namespace {

struct ListOptions {
  std::string config;
  std::string folder;
  bool json = false;
};

struct TestOptions {
  std::string file;
  std::vector<std::string> samples;  // files
  std::vector<std::string> options;  // NAME=VALUE
  bool json = false;
};

// A plugin as it is shown; exec is part of the host.
struct Shown {
  std::string name, version, summary, file;
  std::uint32_t kinds = 0;
  std::vector<plugin::OptionSpec> options;
};

std::string_view name_of(int type) {
  switch (type) {
    case TIDINGS_INTEGER: return "integer";
    case TIDINGS_NUMBER: return "number";
    case TIDINGS_BOOLEAN: return "boolean";
    case TIDINGS_STRINGS: return "strings";
    case TIDINGS_TABLE: return "table";
    default: return "string";
  }
}

std::vector<std::string> kinds_of(const Shown& plugin) {
  std::vector<std::string> kinds;
  if ((plugin.kinds & TIDINGS_POLL) != 0) kinds.emplace_back("poll");
  if ((plugin.kinds & TIDINGS_STREAM) != 0) kinds.emplace_back("stream");
  return kinds;
}

std::vector<Shown> plugins_of(const plugin::Plugins& plugins) {
  std::vector<Shown> all = {{"exec", "", "A program in any language that prints entries as JSON lines", "", TIDINGS_POLL, plugin::exec_options()}};
  for (const auto* library : plugins.all()) {
    all.push_back({library->name(), library->version(), library->summary(), library->file(), library->abi().kinds, library->options()});
  }
  std::sort(all.begin(), all.end(), [](const Shown& a, const Shown& b) { return a.name < b.name; });
  return all;
}

json::value json_of(const Shown& plugin) {
  json::array options;
  for (const auto& option : plugin.options) {
    json::object one{{"name", option.name}, {"type", name_of(option.type)}, {"help", option.help}, {"required", option.required}};
    if (const auto value = json::parse(option.default_value)) one["default"] = *value;
    options.push_back(std::move(one));
  }
  json::array kinds;
  for (const auto& kind : kinds_of(plugin)) kinds.emplace_back(kind);
  return json::object{{"name", plugin.name},         {"version", plugin.version}, {"summary", plugin.summary},
                      {"kinds", std::move(kinds)},   {"file", plugin.file},       {"options", std::move(options)}};
}

std::string sheet_of(const Shown& plugin, const Terminal& terminal) {
  std::string out = fmt::format("{} {}{}\n", terminal.paint(printable(plugin.name), Colour::bold), plugin.version.empty() ? "" : printable(plugin.version) + " ",
                                terminal.paint(fmt::format("({})", fmt::join(kinds_of(plugin), ", ")), Colour::dim));
  out += fmt::format("  {}\n", printable(plugin.summary));
  if (!plugin.file.empty()) out += fmt::format("  {}\n", terminal.paint(printable(plugin.file), Colour::dim));
  if (plugin.options.empty()) return out + "  It has no options.\n";
  Columns columns({{"  OPTION"}, {"TYPE"}, {"DEFAULT"}, {"", true}});
  for (const auto& option : plugin.options) {
    columns.add({{"  " + printable(option.name), Colour::none},
                 {std::string(name_of(option.type)), Colour::dim},
                 {option.required ? "required" : printable(option.default_value), option.required ? Colour::yellow : Colour::dim},
                 {printable(option.help), Colour::none}});
  }
  return out + columns.render(terminal);
}

int list(const ListOptions& options) {
  std::string folder = options.folder;
  if (folder.empty()) {
    const auto config = settings(options.config);
    if (!config) return fail("plugin list", config.error().message());
    folder = plugin_folder(config->daemon.plugin_directory);
    if (folder.empty()) return fail("plugin list", fmt::format("there is no folder {}; --plugins names another", config->daemon.plugin_directory));
  }
  plugin::Plugins plugins(Log::to_stderr(LogLevel::warning).room("plugin"));
  plugins.load(folder);
  const auto all = plugins_of(plugins);
  if (options.json) {
    json::array out;
    for (const auto& plugin : all) out.push_back(json_of(plugin));
    fmt::print("{}\n", json::serialize(out));
    return 0;
  }
  const Terminal terminal = Terminal::of_stdout();
  for (const auto& plugin : all) fmt::print("{}{}", &plugin == &all.front() ? "" : "\n", sheet_of(plugin, terminal));
  return 0;
}

// NAME=VALUE: the value as JSON, or as a string where it is none.
bool add_option(std::map<std::string, std::string>& to, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return false;
  const std::string value = text.substr(equals + 1);
  to[text.substr(0, equals)] = json::parse(value) ? value : json::serialize(json::value(value));
  return true;
}

std::string_view name_of(plugin::Check::Outcome outcome) {
  switch (outcome) {
    case plugin::Check::Outcome::passed: return "passed";
    case plugin::Check::Outcome::skipped: return "skipped";
    default: return "failed";
  }
}

void print_json(const std::vector<plugin::Check>& checks) {
  json::array out;
  for (const auto& check : checks) {
    out.push_back(json::object{{"check", check.name}, {"outcome", name_of(check.outcome)}, {"detail", text::repair_utf8(check.detail)}});
  }
  fmt::print("{}\n", json::serialize(out));
}

void print_text(const std::vector<plugin::Check>& checks) {
  const Terminal terminal = Terminal::of_stdout();
  for (const auto& check : checks) {
    const Colour colour = check.outcome == plugin::Check::Outcome::passed   ? Colour::green
                          : check.outcome == plugin::Check::Outcome::failed ? Colour::red
                                                                            : Colour::yellow;
    fmt::print("{} {}{}{}\n", terminal.paint(fill(name_of(check.outcome), 8), colour), check.name, check.detail.empty() ? "" : ": ",
               printable(text::repair_utf8(check.detail)));
  }
}

int test(const TestOptions& options) {
  plugin::ConformanceInput input;
  input.file = options.file;
  for (const auto& option : options.options) {
    if (!add_option(input.options, option)) return misuse("plugin test", fmt::format("an option is NAME=VALUE, not '{}'", option));
  }
  for (const auto& file : options.samples) {
    auto sample = read_file(file);
    if (!sample) return fail("plugin test", sample.error().message());
    input.samples.push_back(std::move(*sample));
  }
  const auto checks = plugin::check_conformance(input);
  const auto count = [&checks](plugin::Check::Outcome outcome) {
    return std::count_if(checks.begin(), checks.end(), [outcome](const auto& check) { return check.outcome == outcome; });
  };
  const auto failed = count(plugin::Check::Outcome::failed);
  if (options.json) {
    print_json(checks);
  } else {
    print_text(checks);
    fmt::print("{} passed, {} failed, {} skipped\n", count(plugin::Check::Outcome::passed), failed, count(plugin::Check::Outcome::skipped));
  }
  return failed == 0 ? 0 : 1;
}

void add_list(CLI::App& plugin, Run& run) {
  auto options = std::make_shared<ListOptions>();
  auto* command = plugin.add_subcommand("list", "Show each plugin with its options, their types and defaults");
  command->add_option("--plugins", options->folder, "Those of this folder; else of option daemon.plugin_directory")->check(CLI::ExistingDirectory);
  command->add_flag("--json", options->json, "For a program");
  add_config_option(*command, options->config);
  command->footer(exit_statuses("shown", "there is no folder of plugins"));
  command->callback([options, &run] { run = [options] { return list(*options); }; });
}

void add_test(CLI::App& plugin, Run& run) {
  auto options = std::make_shared<TestOptions>();
  auto* command = plugin.add_subcommand("test", "Check that a plugin holds the rules of tidings/plugin.h");
  command->add_option("FILE", options->file, "The plugin's shared object")->required();
  command->add_option("--sample", options->samples, "A document that it reads, beside usual formats; may be repeated")->allow_extra_args(false);
  command->add_option("--option", options->options, "An option for its instances, NAME=VALUE with the value as JSON; may be repeated")->allow_extra_args(false);
  command->add_flag("--json", options->json, "For a program");
  command->footer("Each check runs in a process of its own: a crash there fails that check.\n\n" + exit_statuses("it passes", "a check failed"));
  command->callback([options, &run] { run = [options] { return test(*options); }; });
}

}  // namespace

CLI::App* add_plugin(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("plugin", "List plugins with their options, or test one for conformance");
  command->require_subcommand(1);
  add_list(*command, run);
  add_test(*command, run);
  return command;
}

}  // namespace tidings::cli
