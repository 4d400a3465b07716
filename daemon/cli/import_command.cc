// `tidings import`: the subscriptions of an OPML file as sources.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/settings.h"
#include "config/opml.h"
#include "config/source_toml.h"

namespace tidings::cli {
namespace {

struct ImportOptions {
  std::string file;
  std::string to;
  std::string config;
};

int import_file(const ImportOptions& options) {
  const auto document = read_file(options.file);
  if (!document) {
    fmt::print(stderr, "tidings import: {}\n", document.error().message());
    return 1;
  }
  const auto config = settings(options.config);
  if (!config) {
    fmt::print(stderr, "{}\n", config.error().message());
    return 1;
  }
  std::vector<std::string> ids;
  std::set<std::string> urls;
  for (const auto& source : config->sources) {
    ids.push_back(source.id);
    urls.insert(source.url);
  }
  auto opml = config::read_opml(*document, ids);
  if (!opml) {
    fmt::print(stderr, "{}: {}\n", options.file, opml.error().message());
    return 1;
  }
  for (const auto& flaw : opml->flaws) fmt::print(stderr, "{}:{}: left out: {}\n", options.file, flaw.line, flaw.message);
  const auto known = std::erase_if(opml->sources, [&](const auto& source) { return urls.contains(source.url); });
  if (known > 0) fmt::print(stderr, "{} left out: already among the sources\n", known);
  const std::string text = config::sources_as_toml(opml->sources);
  if (options.to == "-") {
    fmt::print("{}", text);
    return 0;
  }
  if (opml->sources.empty()) {
    fmt::print(stderr, "nothing to add\n");
    return opml->flaws.empty() ? 0 : 1;
  }
  const std::filesystem::path folder = std::filesystem::path(options.config).parent_path() / "sources.d";
  const std::string to = options.to.empty() ? (folder / std::filesystem::path(options.file).stem()).string() + ".toml" : options.to;
  if (const auto written = write_new_file(to, text); !written) {
    fmt::print(stderr, "tidings import: {}: name another by --to\n", written.error().message());
    return 1;
  }
  fmt::print("{} sources in {}; tidingsd follows them after a reload (SIGHUP)\n", opml->sources.size(), to);
  return 0;
}

}  // namespace

CLI::App* add_import(CLI::App& app, Run& run) {
  auto options = std::make_shared<ImportOptions>();
  auto* command = app.add_subcommand("import", "Add the subscriptions of an OPML file as sources");
  command->add_option("FILE", options->file, "The OPML file")->required();
  command->add_option("--to", options->to, "The file to write, - for standard output; else sources.d beside the configuration, under the same name");
  add_config_option(*command, options->config);
  command->callback([options, &run] { run = [options] { return import_file(*options); }; });
  return command;
}

}  // namespace tidings::cli
