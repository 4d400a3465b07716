// `tidings replay-feeds`: serves recorded feeds over HTTP on loopback, in fast motion or a step at each fetch.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/recordings.h"
#include "cli/serving.h"
#include "config/opml.h"
#include "model/item_json.h"
#include "web/server.h"

namespace tidings::cli {
namespace {

struct ReplayOptions {
  std::string folder;
  int port = 7390;
  double minutes = 10;
  bool by_fetch = false;
};

class Replay {
 public:
  Replay(Recordings recordings, const ReplayOptions& options, Time started)
      : recordings_(std::move(recordings)), by_fetch_(options.by_fetch), started_(started) {
    first_ = recordings_.begin()->second.front().fetched;
    Time last = first_;
    for (const auto& [outlet, snapshots] : recordings_) {
      first_ = std::min(first_, snapshots.front().fetched);
      last = std::max(last, snapshots.back().fetched);
    }
    speed_ = std::max(1.0, std::chrono::duration<double>(last - first_).count() / (options.minutes * 60));
  }

  // In the answer to GET /: what there is to poll, as OPML that `tidings import` takes.
  std::string opml(std::string_view base) const {
    std::vector<model::Source> sources;
    for (const auto& [outlet, snapshots] : recordings_) {
      model::Source source;
      source.id = source.name = outlet;
      source.url = fmt::format("{}/{}", base, outlet);
      sources.push_back(std::move(source));
    }
    return config::write_opml(sources, "Recorded feeds");
  }

  Task<web::Response> answer(web::Request request) {
    web::Response response;
    if (request.path == "/") {
      response.content_type = "text/x-opml";
      response.body = opml(fmt::format("http://{}", request.field("Host")));
      co_return response;
    }
    const auto outlet = recordings_.find(std::string_view(request.path).substr(1));
    if (outlet == recordings_.end()) {
      response.status = 404;
      response.body = "no recording of that name; / lists them\n";
      co_return response;
    }
    const Snapshot& snapshot = outlet->second[place(outlet->first, outlet->second)];
    std::ifstream file(snapshot.file, std::ios::binary);
    std::string body{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::string etag = fmt::format("\"{}\"", text::to_hex(hash64(body)));
    response.fields.push_back({"ETag", etag});
    response.fields.push_back({"X-Recorded-At", model::to_rfc3339(snapshot.fetched)});
    response.content_type = "application/xml";
    if (request.field("If-None-Match") == etag) {
      response.status = 304;
    } else {
      response.body = std::move(body);
    }
    co_return response;
  }

  std::size_t outlets() const { return recordings_.size(); }

 private:
  std::size_t place(const std::string& outlet, const std::vector<Snapshot>& snapshots) {
    if (by_fetch_) {
      std::size_t& next = fetches_[outlet];
      const std::size_t now = next;
      if (next + 1 < snapshots.size()) ++next;
      return now;
    }
    const auto passed = std::chrono::duration<double>(system_now() - started_) * speed_;
    return snapshot_at(snapshots, first_ + std::chrono::duration_cast<Micros>(passed));
  }

  Recordings recordings_;
  bool by_fetch_;
  Time started_;
  Time first_;
  double speed_ = 1;
  std::map<std::string, std::size_t, std::less<>> fetches_;
};

int replay(const ReplayOptions& options) {
  auto recordings = find_recordings(options.folder);
  if (!recordings) return fail("replay-feeds", recordings.error().message());
  asio::io_context context;
  loop::TaskScope scope(context.get_executor(), Log());
  Replay told(std::move(*recordings), options, system_now());
  web::Options web;
  web.listen = fmt::format("127.0.0.1:{}", options.port);
  web.max_connections = 1024;
  web::Server server(context, scope, web, [&told](web::Request request) { return told.answer(std::move(request)); }, Log());
  if (const auto listening = server.listen(); !listening) return fail("replay-feeds", listening.error().message());
  fmt::print("{} outlets at http://127.0.0.1:{}/ (OPML, for tidings import); Ctrl-C ends it\n", told.outlets(), server.port());
  std::fflush(stdout);
  return serve_until_signal(context, scope, [&server] { server.close(); });
}

}  // namespace

CLI::App* add_replay(CLI::App& app, Run& run) {
  auto options = std::make_shared<ReplayOptions>();
  auto* command = app.add_subcommand("replay-feeds", "Serve recorded feeds over HTTP on loopback, in fast motion");
  command->add_option("FOLDER", options->folder, "The recordings: OUTLET/20200421T202045Z.xml")->required()->check(CLI::ExistingDirectory);
  command->add_option("--port", options->port, "The port; 0: any that is free")->capture_default_str()->check(CLI::Range(0, 65535));
  command->add_option("--minutes", options->minutes, "How long the whole recording takes")->capture_default_str()->check(CLI::Range(0.05, 100000.0));
  command->add_flag("--by-fetch", options->by_fetch, "Instead: the next snapshot at each fetch of an outlet");
  command->footer(exit_statuses("ended by SIGINT or SIGTERM", "it could not be served"));
  command->callback([options, &run] { run = [options] { return replay(*options); }; });
  return command;
}

}  // namespace tidings::cli
