// `tidings demo`: the demo newsroom, invented outlets served over HTTP on loopback addresses of their own.

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/newsday.h"
#include "cli/serving.h"
#include "loop/timeout.h"
#include "web/server.h"

namespace tidings::cli {
namespace {

constexpr std::chrono::minutes kEnd = std::chrono::hours(23);
constexpr std::string_view kHookHost = "127.0.1.100";

// In the tree, else where it is installed.
std::string usual_day() {
  std::error_code error;
  const std::string in_tree = "config/demo/newsday.json";
  return std::filesystem::exists(in_tree, error) ? in_tree : "/usr/share/tidings/demo/newsday.json";
}

struct DemoOptions {
  std::string day = usual_day();
  int port = 7380;
  double minutes = 3;
  std::string from = "06:30";
};

class Newsroom {
 public:
  Newsroom(asio::io_context& context, loop::TaskScope& scope, Newsday day, DayClock clock, int port)
      : context_(context), scope_(scope), day_(std::move(day)), clock_(clock), port_(port) {}

  Result<void> open() {
    for (const auto& outlet : day_.outlets) {
      if (const auto open = serve(outlet.host, [this, &outlet](web::Request request) { return feed(outlet, std::move(request)); });
          !open) {
        return open;
      }
      fmt::print("{:<22} http://{}:{}/feed\n", outlet.name, outlet.host, port_);
    }
    return serve(std::string(kHookHost), [this](web::Request request) { return hook(std::move(request)); });
  }

  void close() {
    for (auto& server : servers_) server->close();
  }

 private:
  Result<void> serve(const std::string& host, web::Handler handler) {
    web::Options options;
    options.listen = fmt::format("{}:{}", host, port_);
    servers_.push_back(std::make_unique<web::Server>(context_, scope_, options, std::move(handler), Log()));
    return servers_.back()->listen();
  }

  Task<web::Response> feed(const Outlet& outlet, web::Request request) {
    web::Response response;
    if (request.path.starts_with("/news/")) {
      response.body = "There is nothing here but what the feed tells.\n";
      co_return response;
    }
    if (outlet.behaviour == Outlet::Behaviour::timeout) co_await loop::sleep_for(std::chrono::hours(1));
    FeedDocument document = render(day_, outlet, clock_, system_now(), ++fetches_[outlet.id]);
    const std::string etag = fmt::format("\"{}\"", text::to_hex(hash64(document.body)));
    response.fields.push_back({"ETag", etag});
    if (request.field("If-None-Match") == etag) {
      response.status = 304;
      response.content_type.clear();
      co_return response;
    }
    response.content_type = document.content_type;
    response.body = std::move(document.body);
    co_return response;
  }

  // The receiver of the demo's alert hook: it says what has arrived.
  Task<web::Response> hook(web::Request request) {
    web::Response response;
    if (request.method != "POST") {
      response.status = 405;
      co_return response;
    }
    const auto document = json::parse(request.body);
    const auto* alert = document ? document->if_object() : nullptr;
    if (alert == nullptr) {
      response.status = 400;
      co_return response;
    }
    const auto* inner = alert->if_contains("data");
    const json::object& told = inner != nullptr && inner->is_object() ? inner->as_object() : *alert;
    const auto* item = told.if_contains("item");
    const auto title = item != nullptr && item->is_object() ? json::string_at(item->as_object(), "title") : json::string_at(told, "title");
    fmt::print("hook received: rule {}, signed {}: {}\n", json::string_at(told, "rule"),
               request.field("webhook-signature").empty() ? "no" : "yes", title);
    std::fflush(stdout);
    response.status = 204;
    response.content_type.clear();
    co_return response;
  }

  asio::io_context& context_;
  loop::TaskScope& scope_;
  Newsday day_;
  DayClock clock_;
  int port_;
  std::map<std::string, int> fetches_;
  std::vector<std::unique_ptr<web::Server>> servers_;
};

// Minutes since midnight of "hh:mm", or nothing.
std::optional<std::chrono::minutes> time_of_day(const std::string& text) {
  int hour = 0;
  int minute = 0;
  int end = 0;
  if (std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &end) != 2 || static_cast<std::size_t>(end) != text.size()) return std::nullopt;
  if (hour < 0 || minute < 0 || minute > 59) return std::nullopt;
  return std::chrono::minutes(hour * 60 + minute);
}

int serve_day(const DemoOptions& options) {
  const auto start = time_of_day(options.from);
  if (!start || *start >= kEnd) return misuse("demo", "--from wants a time of day before 23:00, as hh:mm");
  const auto text = read_file(options.day);
  if (!text) return fail("demo", text.error().message() + "; --day names another news day");
  auto day = parse_newsday(*text);
  if (!day) return fail("demo", fmt::format("{}: {}", options.day, day.error().message()));
  DayClock clock;
  clock.speed = std::chrono::duration<double, std::ratio<60>>(kEnd - *start).count() / options.minutes;
  clock.midnight = system_now();
  clock.midnight -= clock.when(*start) - clock.midnight;

  asio::io_context context;
  loop::TaskScope scope(context.get_executor(), Log());
  Newsroom newsroom(context, scope, std::move(*day), clock, options.port);
  if (const auto open = newsroom.open(); !open) return fail("demo", open.error().message());
  fmt::print("the day runs from {} to 23:00 in {} minutes; Ctrl-C ends it\n", options.from, options.minutes);
  std::fflush(stdout);
  return serve_until_signal(context, scope, [&newsroom] { newsroom.close(); });
}

}  // namespace

CLI::App* add_demo(CLI::App& app, Run& run) {
  auto options = std::make_shared<DemoOptions>();
  auto* command = app.add_subcommand("demo", "Serve the demo newsroom: invented outlets, over HTTP on loopback");
  command->add_option("--day", options->day, "The news day to tell")->capture_default_str();
  command->add_option("--port", options->port, "The port on each outlet's loopback address")->capture_default_str()->check(CLI::Range(1, 65535));
  command->add_option("--minutes", options->minutes, "How long the day takes")->capture_default_str()->check(CLI::Range(0.05, 1440.0));
  command->add_option("--from", options->from, "The time of day to begin at")->capture_default_str();
  command->footer(exit_statuses("ended by SIGINT or SIGTERM", "it could not be served"));
  command->callback([options, &run] { run = [options] { return serve_day(*options); }; });
  return command;
}

}  // namespace tidings::cli
