// `tidings export`: the sources as one document.

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "config/opml.h"
#include "config/source_toml.h"

namespace tidings::cli {
namespace {

struct ExportOptions {
  std::string config;
  bool opml = false;
};

int export_sources(const ExportOptions& options) {
  const auto config = settings(options.config);
  if (!config) return fail("export", config.error().message());
  std::vector<model::Source> sources;
  for (const auto& source : config->sources) sources.push_back(*source);
  fmt::print("{}", options.opml ? config::write_opml(sources, "tidings") : config::sources_as_toml(sources));
  return 0;
}

}  // namespace

CLI::App* add_export(CLI::App& app, Run& run) {
  auto options = std::make_shared<ExportOptions>();
  auto* command = app.add_subcommand("export", "Print the sources: as one TOML file, or as OPML for another reader");
  command->add_flag("--opml", options->opml, "OPML 2.0; sources without a URL are left out");
  add_config_option(*command, options->config);
  command->footer(exit_statuses("printed", "the configuration has mistakes"));
  command->callback([options, &run] { run = [options] { return export_sources(*options); }; });
  return command;
}

}  // namespace tidings::cli
