// `tidings why`: why a source is polled when it is.

#include <fmt/format.h>

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

int why(WhyOptions options) {
  if (options.listen.empty()) {
    const auto config = settings(options.config);
    if (!config) return fail("why", config.error().message());
    options.listen = config->web.listen;
  }
  const auto answer = ask_daemon(options.listen, "GET", "/api/why/" + options.id);
  if (!answer) {
    const bool is_away = answer.error().code() == Errc::unavailable;
    return fail("why", answer.error().message() + (is_away ? "; start it, or name its address by --listen" : ""));
  }
  if (answer->status != 200) return fail("why", printable(answer->body));
  if (options.json) {
    fmt::print("{}", answer->body);
    return 0;
  }
  const auto document = json::parse(answer->body);
  if (!document || !document->is_object()) return fail("why", "the daemon's answer is no JSON object");
  fmt::print("{}", why_sheet(document->as_object(), system_now(), Terminal::of_stdout()));
  return 0;
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
