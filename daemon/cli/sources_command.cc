// `tidings sources`: what the daemon knows of its sources.

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/json.h"
#include "cli/api_client.h"
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

int fail(const std::string& message) {
  fmt::print(stderr, "tidings sources: {}\n", message);
  return 1;
}

int sources(SourcesOptions options) {
  if (options.listen.empty()) {
    const auto config = settings(options.config);
    if (!config) return fail(config.error().message());
    options.listen = config->web.listen;
  }
  const auto answer = ask_daemon(options.listen, "GET", options.id.empty() ? "/api/sources" : "/api/sources/" + options.id);
  if (!answer) return fail(answer.error().message());
  if (answer->status != 200) return fail(printable(answer->body));
  if (options.json) {
    fmt::print("{}", answer->body);
    return 0;
  }
  const auto document = json::parse(answer->body);
  if (!document || !(document->is_array() || document->is_object())) return fail("the daemon's answer is no JSON array");
  const json::array rows = document->is_array() ? document->as_array() : json::array{*document};
  fmt::print("{}", source_table(rows, system_now(), Terminal::of_stdout()));
  return 0;
}

}  // namespace

CLI::App* add_sources(CLI::App& app, Run& run) {
  auto options = std::make_shared<SourcesOptions>();
  auto* command = app.add_subcommand("sources", "Show each source of the running daemon: its state, next poll and why then, items");
  command->add_option("ID", options->id, "This source only");
  command->add_option("--listen", options->listen, "The daemon's address, as option web.listen; else that of the configuration");
  command->add_flag("--json", options->json, "As the daemon gives it, for a program");
  add_config_option(*command, options->config);
  command->callback([options, &run] { run = [options] { return sources(*options); }; });
  return command;
}

}  // namespace tidings::cli
