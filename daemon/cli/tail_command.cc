// `tidings tail`: follows the streams on the terminal.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "cli/command_line.h"
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
  bool no_follow = false;
  bool json = false;
};

CLI::Validator position() {
  const auto objection = [](std::string& text) {
    return is_position(text) ? std::string() : fmt::format("'{}' is no entry ID such as 1700000000000-0, nor 0 or $", text);
  };
  return CLI::Validator(objection, "ID");
}

// False: nobody reads standard output any more.
bool print_line(std::string line) {
  line += '\n';
  return std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fflush(stdout) == 0;
}

// Lets go of all that would keep the loop running when the tail has ended.
Task<> follow(StreamTail& tail, redis::Connection& connection, loop::Signals& signals, int& status) {
  const auto done = co_await tail.run();
  if (!done && done.error().code() != Errc::cancelled) status = fail("tail", done.error().message());
  connection.close();
  signals.close();
}

int tail(TailOptions options) {
  redis::Options redis;
  if (options.redis.empty() || options.prefix.empty()) {
    const auto config = settings(options.config);
    if (!config && options.redis.empty()) return fail("tail", config.error().message());
    if (config) redis = config->redis;
    if (config && options.prefix.empty()) options.prefix = config->publish.prefix;
  }
  if (!options.redis.empty()) redis.url = options.redis;
  if (!options.prefix.empty()) options.plan.prefix = options.prefix;
  options.plan.follow = !options.no_follow;
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
  calls.reload = calls.stop;  // the terminal hung up
  loop::Signals signals(context, std::move(calls));
  scope.spawn("tail", follow(stream_tail, connection, signals, status));
  context.run();
  return status;
}

}  // namespace

CLI::App* add_tail(CLI::App& app, Run& run) {
  auto options = std::make_shared<TailOptions>();
  auto* command = app.add_subcommand("tail", "Follow the streams: time, source, verdict, story, headline");
  command->add_option("--redis", options->redis, "The Redis to read, as option redis.url; else that of the configuration");
  command->add_option("--prefix", options->prefix, "Prefix of the streams, as option publish.prefix");
  auto* streams = command->add_option("--stream", options->plan.streams, "A stream to follow; may be given again")
                      ->capture_default_str()
                      ->expected(1)
                      ->take_all()
                      ->check(CLI::IsMember({"items", "duplicates", "alerts", "sources", "stories"}));
  command->add_flag("--all", options->all, "Items, duplicates, alerts and what happens to sources")->excludes(streams);
  auto* from = command->add_option("--from", options->plan.from, "Begin after this entry ID; 0 for all that is there, $ for what comes")
                   ->capture_default_str()
                   ->check(position());
  command->add_option("-n,--newest", options->plan.newest, "Begin with so many of the newest entries")->excludes(from);
  command->add_flag("--no-follow", options->no_follow, "End when all that is there was shown");
  command->add_flag("--json", options->json, "One JSON object a line, for a program: stream, entry (its ID) and the entry's fields");
  add_config_option(*command, options->config);
  command->footer("Columns: time, source, verdict (new, update, duplicate and of what), the end of the story's id, headline. When Redis goes\n"
                  "away the tail says so and goes on, without a gap, when it is back.\n\n" +
                  exit_statuses("ended by Ctrl-C, by --no-follow or because nobody reads any more", "Redis cannot be read"));
  command->callback([options, &run] { run = [options] { return tail(*options); }; });
  return command;
}

}  // namespace tidings::cli
