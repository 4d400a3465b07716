// `tidings tail`: follows the streams on the terminal.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/settings.h"
#include "cli/stream_tail.h"
#include "loop/signals.h"
#include "loop/task_scope.h"

namespace tidings::cli {
namespace {

struct TailOptions {
  std::string config;
  std::string redis;
  std::string prefix;
  TailPlan plan;
  bool all = false;
  bool json = false;
};

bool print_line(const std::string& line) {
  fmt::print("{}\n", line);
  return std::fflush(stdout) == 0;
}

Task<> follow(StreamTail& tail, loop::Signals& signals, int& status) {
  const auto done = co_await tail.run();
  if (!done && done.error().code() != Errc::cancelled) {
    fmt::print(stderr, "tidings tail: {}\n", done.error().message());
    status = 1;
  }
  signals.close();
}

int tail(TailOptions options) {
  redis::Options redis;
  if (options.redis.empty() || options.prefix.empty()) {
    const auto config = settings(options.config);
    if (!config && options.redis.empty()) {
      fmt::print(stderr, "{}\n", config.error().message());
      return 1;
    }
    if (config) redis = config->redis;
    if (config && options.prefix.empty()) options.prefix = config->publish.prefix;
  }
  if (!options.redis.empty()) redis.url = options.redis;
  if (!options.prefix.empty()) options.plan.prefix = options.prefix;
  if (options.all) options.plan.streams = {"items", "duplicates", "alerts", "sources"};
  redis.client_name = "tidings-tail";

  asio::io_context context(1);
  redis::Connection connection(context.get_executor(), redis, Log());
  loop::TaskScope scope(context.get_executor(), Log());
  auto lines = std::make_shared<TailLines>(Terminal::of_stdout());
  const auto show = [lines, as_json = options.json](const StreamEntry& entry) {
    return print_line(as_json ? as_json_line(entry) : lines->line(entry));
  };
  StreamTail stream_tail(connection, std::move(options.plan), show, [](const std::string& note) { fmt::print(stderr, "{}\n", note); });
  int status = 0;
  loop::Signals::Calls calls;
  calls.stop = [&scope] { scope.stop(); };
  calls.hurry = [] { ::_exit(1); };
  calls.reload = [] {};
  loop::Signals signals(context, std::move(calls));
  scope.spawn("tail", follow(stream_tail, signals, status));
  context.run();
  return status;
}

}  // namespace

CLI::App* add_tail(CLI::App& app, Run& run) {
  auto options = std::make_shared<TailOptions>();
  auto* command = app.add_subcommand("tail", "Follow the streams: time, source, verdict, story, headline");
  command->add_option("--redis", options->redis, "The Redis to read, as option redis.url; else that of the configuration");
  command->add_option("--prefix", options->prefix, "Prefix of the streams, as option publish.prefix");
  command->add_option("--stream", options->plan.streams, "The streams to follow: items, duplicates, alerts, sources, stories")
      ->capture_default_str()
      ->check(CLI::IsMember({"items", "duplicates", "alerts", "sources", "stories"}));
  command->add_flag("--all", options->all, "What happens to sources as well");
  auto* from = command->add_option("--from", options->plan.from, "Begin after this entry ID; 0 for all that is there, $ for what comes")->capture_default_str();
  command->add_option("-n,--newest", options->plan.newest, "Begin with so many of the newest entries")->excludes(from);
  command->add_flag("!--no-follow", options->plan.follow, "End when all that is there was shown");
  command->add_flag("--json", options->json, "One JSON object a line, for a program");
  add_config_option(*command, options->config);
  command->callback([options, &run] { run = [options] { return tail(*options); }; });
  return command;
}

}  // namespace tidings::cli
