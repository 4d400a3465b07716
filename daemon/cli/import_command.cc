// `tidings import`: the subscriptions of an OPML file as sources.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "base/json.h"
#include "cli/api_client.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "config/opml.h"
#include "config/source_toml.h"

namespace tidings::cli {
namespace {

namespace fs = std::filesystem;

struct ImportOptions {
  std::string file;
  std::string to;
  std::string config;
  bool json = false;
};

struct Subscriptions {
  std::vector<model::Source> added;
  std::vector<std::string> known;  // URLs that are sources already
  std::vector<config::OpmlFlaw> flaws;
};

Result<Subscriptions> read_subscriptions(const std::string& file, const config::Config& config) {
  const auto document = read_file(file);
  if (!document) return document.error();
  std::vector<std::string> ids;
  std::set<std::string> urls;
  for (const auto& source : config.sources) {
    ids.push_back(source->id);
    urls.insert(source->url);
  }
  auto opml = config::read_opml(*document, ids);
  if (!opml) return Error(opml.error().code(), fmt::format("{}: {}", file, opml.error().message()));
  Subscriptions out;
  out.flaws = std::move(opml->flaws);
  for (auto& source : opml->sources) {
    if (urls.contains(source.url)) {
      out.known.push_back(source.url);
    } else {
      out.added.push_back(std::move(source));
    }
  }
  return out;
}

// The file to write where none is named.
Result<std::string> target(const ImportOptions& options, const config::Config& config) {
  if (!options.to.empty()) return options.to;
  const auto folder = sources_folder(config, options.config);
  if (!folder) return folder.error();
  return (fs::path(*folder) / fs::path(options.file).stem()).string() + ".toml";
}

void print_json(const Subscriptions& subscriptions, const std::string& file) {
  json::array added;
  for (const auto& source : subscriptions.added) added.push_back(json::object{{"id", source.id}, {"url", source.url}, {"name", source.name}});
  json::array flaws;
  for (const auto& flaw : subscriptions.flaws) flaws.push_back(json::object{{"line", flaw.line}, {"message", flaw.message}});
  const json::array known(subscriptions.known.begin(), subscriptions.known.end());
  fmt::print("{}\n", json::serialize(json::object{{"file", file}, {"added", added}, {"known", known}, {"left_out", flaws}}));
}

int import_file(const ImportOptions& options) {
  const auto config = settings(options.config);
  if (!config) return fail("import", config.error().message());
  const auto subscriptions = read_subscriptions(options.file, *config);
  if (!subscriptions) return fail("import", subscriptions.error().message());
  for (const auto& flaw : subscriptions->flaws) fmt::print(stderr, "{}:{}: left out: {}\n", options.file, flaw.line, printable(flaw.message));
  if (!subscriptions->known.empty()) fmt::print(stderr, "{} left out: already among the sources\n", subscriptions->known.size());
  const std::string text = config::sources_as_toml(subscriptions->added);
  if (options.to == "-") {
    fmt::print("{}", text);
    return 0;
  }
  if (subscriptions->added.empty()) {
    if (options.json) print_json(*subscriptions, {});
    if (!options.json) fmt::print("nothing to add\n");
    return subscriptions->flaws.empty() ? 0 : 1;
  }
  const auto to = target(options, *config);
  if (!to) return fail("import", to.error().message());
  if (const auto written = write_new_file(*to, text); !written) return fail("import", written.error().message() + ": name another by --to");
  const std::string daemon = reload_daemon(config->web.listen);
  if (options.json) {
    print_json(*subscriptions, *to);
  } else {
    fmt::print("{} sources in {}\n{}\n", subscriptions->added.size(), *to, daemon);
  }
  return 0;
}

}  // namespace

CLI::App* add_import(CLI::App& app, Run& run) {
  auto options = std::make_shared<ImportOptions>();
  auto* command = app.add_subcommand("import", "Add the subscriptions of an OPML file as sources");
  command->add_option("FILE", options->file, "The OPML file")->required();
  auto* to = command->add_option("--to", options->to, "The file to write, - for standard output; else under the same name in the folder of option include");
  command->add_flag("--json", options->json, "For a program: {file, added: [{id, url, name}], known: [url], left_out: [{line, message}]}")->excludes(to);
  add_config_option(*command, options->config);
  command->footer("Subscriptions that are sources already are left out; no file is ever overwritten. A daemon that runs follows the\n"
                  "new sources at once.\n\n" +
                  exit_statuses("imported, or all of them are sources already", "it is no OPML, nothing in it is usable, or a file could not be written"));
  command->callback([options, &run] { run = [options] { return import_file(*options); }; });
  return command;
}

}  // namespace tidings::cli
