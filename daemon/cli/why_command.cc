// `tidings why`: why a source is polled when it is.

#include <memory>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "cli/why_sheet.h"

namespace tidings::cli {
namespace {

struct WhyOptions {
  std::string config;
  std::string listen;
  std::string id;
  bool json = false;
};

int why(const WhyOptions& options) {
  return show_answer("why", options.config, options.listen, "/api/why/" + options.id, options.json,
                     [](const json::object& answer, const Terminal& terminal) { return why_sheet(answer, system_now(), terminal); });
}

}  // namespace

CLI::App* add_why(CLI::App& app, Run& run) {
  auto options = std::make_shared<WhyOptions>();
  auto* command = app.add_subcommand("why", "Say why a source is polled when it is: rule, constraint, rate, its host's limits, its last polls");
  command->add_option("SOURCE", options->id, "The source's id")->required();
  command->add_option("--listen", options->listen, "The daemon's address, as option web.listen; else that of the configuration");
  command->add_flag("--json", options->json, "As the daemon gives it, for a program");
  add_config_option(*command, options->config);
  command->footer("Polls are remembered from the start of the daemon on, so many of all sources together as [ingest] max_poll_log says.\n\n" +
                  exit_statuses("shown", "no daemon answers, or it has no such source"));
  command->callback([options, &run] { run = [options] { return why(*options); }; });
  return command;
}

}  // namespace tidings::cli
