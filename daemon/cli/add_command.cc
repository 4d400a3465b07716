// `tidings add URL`: a feed, or the feed of a web page, as a source.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/feed_search.h"
#include "cli/fetch.h"
#include "cli/files.h"
#include "cli/settings.h"
#include "config/source_id.h"
#include "config/source_toml.h"

namespace tidings::cli {
namespace {

namespace fs = std::filesystem;

constexpr Millis kPatience = std::chrono::seconds(20);

struct AddOptions {
  std::string url;
  std::string config;
  std::string id;
  std::vector<std::string> tags;
  bool allow_private = false;
  bool list = false;
  bool dry_run = false;
  bool json = false;
};

json::object as_json(const FoundFeed& feed) {
  return {{"url", feed.url}, {"title", feed.title}, {"plugin", feed.plugin}, {"language", feed.language}, {"entries", feed.entries}};
}

json::array as_json(const std::vector<FoundFeed>& feeds) {
  json::array out;
  for (const auto& feed : feeds) out.push_back(as_json(feed));
  return out;
}

void print_feeds(const std::vector<FoundFeed>& feeds) {
  for (const auto& feed : feeds) fmt::print("{}  {} ({}, {} entries)\n", feed.url, feed.title, feed.plugin, feed.entries);
}

Result<std::vector<FoundFeed>> search(const AddOptions& options, http::Options http) {
  http.allow_private = http.allow_private || options.allow_private;
  http.timeout = std::min(http.timeout, kPatience);
  const bool shows_progress = ::isatty(STDERR_FILENO) != 0;
  auto found = find_feeds(options.url, [&](const std::string& url) {
    if (shows_progress) fmt::print(stderr, "looking at {}\n", url);
    return fetch_url(url, http);
  });
  if (!found && found.error().code() == Errc::refused && !http.allow_private) {
    return Error(Errc::refused, found.error().message() + "; --allow-private allows addresses that are not public, and every port");
  }
  return found;
}

// Ids that a new source may not have: those of sources, and those whose file is there.
std::vector<std::string> taken_ids(const config::Config& config, const std::string& folder) {
  std::vector<std::string> ids;
  for (const auto& source : config.sources) ids.push_back(source->id);
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) ids.push_back(at->path().stem().string());
  return ids;
}

model::Source source_of(const FoundFeed& feed, const AddOptions& options, const std::vector<std::string>& taken) {
  model::Source source;
  source.id = options.id.empty() ? config::SourceIds(taken).make(feed.title, feed.url) : options.id;
  source.url = feed.url;
  source.name = feed.title;
  model::SourceSettings& settings = source.settings.edit();
  settings.plugin = feed.plugin;
  settings.language = feed.language;
  settings.tags = options.tags;
  settings.allow_private = options.allow_private;
  return source;
}

void report(const AddOptions& options, const model::Source& source, const std::string& file, const std::vector<FoundFeed>& found,
            const std::string& daemon) {
  const std::vector<FoundFeed> others(found.begin() + 1, found.end());
  if (options.json) {
    const json::object out{{"id", source.id}, {"file", file}, {"feed", as_json(found.front())}, {"others", as_json(others)}};
    fmt::print("{}\n", json::serialize(out));
    return;
  }
  fmt::print("added '{}', {} entries, in {}\n", source.id, found.front().entries, file);
  if (!others.empty()) fmt::print("the page names others as well:\n");
  print_feeds(others);
  fmt::print("{}\n", daemon);
}

int add(const AddOptions& options) {
  const auto config = settings(options.config);
  if (!config) return fail("add", config.error().message());
  const auto found = search(options, config->http);
  if (!found) return fail("add", found.error().message());
  if (options.list) {
    if (options.json) {
      fmt::print("{}\n", json::serialize(as_json(*found)));
    } else {
      print_feeds(*found);
    }
    return 0;
  }
  const FoundFeed& feed = found->front();
  for (const auto& source : config->sources) {
    if (source->url == feed.url) return fail("add", fmt::format("{} is the source '{}' already, at {}", feed.url, source->id, source->origin));
    if (source->id == options.id) return fail("add", fmt::format("there is already a source '{}', at {}", source->id, source->origin));
  }
  const auto folder = sources_folder(*config, options.config);
  if (!folder) return fail("add", folder.error().message());
  const model::Source source = source_of(feed, options, taken_ids(*config, *folder));
  const std::string text = config::sources_as_toml({source});
  // Whatever was given for it, what is written reads.
  if (const auto read = config::read({"the new source", text}, {}, {}, {}); !read.config) return misuse("add", read.mistakes.front().message);
  if (options.dry_run) {
    fmt::print("{}", text);
    return 0;
  }
  const std::string file = (fs::path(*folder) / (source.id + ".toml")).string();
  if (const auto written = write_new_file(file, text); !written) return fail("add", written.error().message());
  report(options, source, file, *found, reload_daemon(config->web.listen));
  return 0;
}

}  // namespace

CLI::App* add_add(CLI::App& app, Run& run) {
  auto options = std::make_shared<AddOptions>();
  auto* command = app.add_subcommand("add", "Add a source: a feed, or the feed of a web page");
  command->add_option("URL", options->url, "A feed or a page; https, else http, where no scheme is given")->required();
  command->add_option("--id", options->id, "The source's id; else made from the feed's title");
  command->add_option("--tag", options->tags, "A tag for its items; may be given again")->expected(1)->take_all();
  command->add_flag("--allow-private", options->allow_private, "It may be at a loopback or private address, and at any port");
  auto* list = command->add_flag("--list", options->list, "Only tell which feeds there are");
  command->add_flag("--dry-run", options->dry_run, "Only print what would be written")->excludes(list);
  command->add_flag("--json", options->json, "Tell what was found and written as a JSON object, with --list as an array");
  add_config_option(*command, options->config);
  command->footer("The source is written to a new file in the folder of option include, usually sources.d/ID.toml; no file is ever\n"
                  "overwritten. A daemon that runs follows it at once.\n\n" +
                  exit_statuses("added", "there is no feed, it is a source already, or a file could not be written"));
  command->callback([options, &run] { run = [options] { return add(*options); }; });
  return command;
}

}  // namespace tidings::cli
