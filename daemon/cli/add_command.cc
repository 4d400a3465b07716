// `tidings add URL`: a feed, or the feed of a web page, as a source.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/text.h"
#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/feed_links.h"
#include "cli/fetch.h"
#include "cli/files.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "config/source_id.h"
#include "config/source_toml.h"

namespace tidings::cli {
namespace {

struct AddOptions {
  std::string url;
  std::string config;
  std::string id;
  std::vector<std::string> tags;
  bool allow_private = false;
  bool list = false;
  bool dry_run = false;
};

struct Found {
  std::string url;
  std::string title;
  std::string plugin;
  std::string language;
  std::size_t entries = 0;
};

int fail(const std::string& message) {
  fmt::print(stderr, "tidings add: {}\n", message);
  return 1;
}

// The feed that the document is, if it is one.
std::optional<Found> feed_of(const ParseInput& input) {
  const Parsed parsed = parse_document(input);
  if (parsed.plugin.empty()) return std::nullopt;
  const model::Feed& feed = parsed.document.feed;
  Found found{input.url, printable(feed.title.value), parsed.plugin, {}, parsed.document.entries.size()};
  if (config::is_language_tag(feed.language)) found.language = feed.language;
  return found;
}

// The feeds at a URL: itself, those its page names, else the first that answers where feeds usually are.
Result<std::vector<Found>> find_feeds(const std::string& url, const http::Options& options) {
  const auto page = fetch_url(url, options);
  if (!page) return page.error();
  if (auto feed = feed_of(*page)) return std::vector{*feed};
  std::vector<Found> found;
  const auto try_url = [&](const std::string& candidate, const std::string& title) {
    const auto answer = fetch_url(candidate, options);
    auto feed = answer ? feed_of(*answer) : std::nullopt;
    const auto same = [&](const Found& one) { return one.url == feed->url; };
    if (!feed || std::any_of(found.begin(), found.end(), same)) return;
    if (feed->title.empty()) feed->title = printable(title);
    found.push_back(std::move(*feed));
  };
  for (const auto& link : feed_links(page->body.view(), page->url)) try_url(link.url, link.title);
  for (const auto& usual : usual_feed_urls(page->url)) {
    if (!found.empty()) break;
    try_url(usual, {});
  }
  if (found.empty()) return Error(Errc::not_found, fmt::format("{} is no feed, names none, and none is where feeds usually are", page->url));
  return found;
}

void print_found(const std::vector<Found>& found) {
  for (const auto& feed : found) fmt::print("{}  {} ({}, {} entries)\n", feed.url, feed.title, feed.plugin, feed.entries);
}

// Says how the daemon comes to know of it: at once, where one runs.
void reload(const config::Config& config) {
  const auto answer = ask_daemon(config.web.listen, "POST", "/api/reload");
  if (!answer) {
    fmt::print("tidingsd follows it from its next start, or after a reload (SIGHUP)\n");
  } else {
    fmt::print("tidingsd: {}\n", printable(answer->body));
  }
}

int add(const AddOptions& options) {
  const auto config = settings(options.config);
  if (!config) {
    fmt::print(stderr, "{}\n", config.error().message());
    return 1;
  }
  http::Options http = config->http;
  http.allow_private = http.allow_private || options.allow_private;
  const std::string url = options.url.find("://") == std::string::npos ? "https://" + options.url : options.url;
  const auto found = find_feeds(url, http);
  if (!found) return fail(found.error().message());
  if (options.list) {
    print_found(*found);
    return 0;
  }
  const Found& feed = found->front();
  std::vector<std::string> ids;
  for (const auto& source : config->sources) {
    if (source.url == feed.url) return fail(fmt::format("{} is the source '{}' already, at {}", feed.url, source.id, source.origin));
    ids.push_back(source.id);
  }
  if (std::find(ids.begin(), ids.end(), options.id) != ids.end()) return fail(fmt::format("there is already a source '{}'", options.id));
  model::Source source;
  source.id = options.id.empty() ? config::SourceIds(ids).make(feed.title, feed.url) : options.id;
  source.plugin = feed.plugin;
  source.url = feed.url;
  source.name = feed.title;
  source.language = feed.language;
  source.tags = options.tags;
  source.allow_private = options.allow_private;
  const std::string text = config::sources_as_toml({source});
  if (options.dry_run) {
    fmt::print("{}", text);
    return 0;
  }
  const std::string file = (std::filesystem::path(options.config).parent_path() / "sources.d" / (source.id + ".toml")).string();
  if (const auto written = write_new_file(file, text); !written) return fail(written.error().message());
  fmt::print("added '{}', {} entries, in {}\n", source.id, feed.entries, file);
  if (found->size() > 1) {
    fmt::print("the page names others as well:\n");
    print_found({found->begin() + 1, found->end()});
  }
  reload(*config);
  return 0;
}

}  // namespace

CLI::App* add_add(CLI::App& app, Run& run) {
  auto options = std::make_shared<AddOptions>();
  auto* command = app.add_subcommand("add", "Add a source: a feed, or the feed of a web page");
  command->add_option("URL", options->url, "A feed or a page; https:// where no scheme is given")->required();
  command->add_option("--id", options->id, "The source's id; else made from its title");
  command->add_option("--tag", options->tags, "Tags for its items");
  command->add_flag("--allow-private", options->allow_private, "It may be at a loopback or private address");
  command->add_flag("--list", options->list, "Only tell which feeds there are");
  command->add_flag("--dry-run", options->dry_run, "Only print what would be written");
  add_config_option(*command, options->config);
  command->callback([options, &run] { run = [options] { return add(*options); }; });
  return command;
}

}  // namespace tidings::cli
