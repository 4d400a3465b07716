// `tidings sources`: what the daemon knows of its sources.

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "cli/source_table.h"
#include "cli/terminal.h"

namespace tidings::cli {
namespace {

struct SourcesOptions {
  std::string config;
  std::string listen;
  std::string id;
  bool json = false;
};

int sources(const SourcesOptions& options) {
  const auto body = ask_for("sources", options.config, options.listen, options.id.empty() ? "/api/sources" : "/api/sources/" + options.id);
  if (!body) return 1;
  if (options.json) {
    fmt::print("{}", *body);
    return 0;
  }
  const auto document = json::parse(*body);
  if (!document || !(document->is_array() || document->is_object())) return fail("sources", "the daemon's answer is no JSON array");
  const Terminal terminal = Terminal::of_stdout();
  const bool is_list = document->is_array();
  fmt::print("{}", is_list ? source_table(document->as_array(), system_now(), terminal) : source_sheet(document->as_object(), system_now(), terminal));
  return 0;
}

}  // namespace

CLI::App* add_sources(CLI::App& app, Run& run) {
  auto options = std::make_shared<SourcesOptions>();
  auto* command = app.add_subcommand("sources", "Show each source of the running daemon: its state, next poll and why then, items");
  command->add_option("ID", options->id, "This source only, with all that is known of it");
  command->add_option("--listen", options->listen, "The daemon's address, as option web.listen; else that of the configuration");
  command->add_flag("--json", options->json, "As the daemon gives it, for a program");
  add_config_option(*command, options->config);
  command->footer("Those in trouble come first.\n\n" + exit_statuses("shown", "no daemon answers, or it has no such source"));
  command->callback([options, &run] { run = [options] { return sources(*options); }; });
  return command;
}

}  // namespace tidings::cli
