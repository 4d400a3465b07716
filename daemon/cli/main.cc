#include <CLI/CLI.hpp>

#include "cli/command_line.h"
#include "cli/commands.h"

int main(int argc, char** argv) {
  CLI::App app("tidings: every story once, as it happens", "tidings");
  app.set_version_flag("--version", TIDINGS_VERSION);
  tidings::cli::Run run;
  tidings::cli::add_add(app, run);
  tidings::cli::add_check(app, run);
  tidings::cli::add_compare(app, run);
  tidings::cli::add_dedup(app, run);
  tidings::cli::add_demo(app, run);
  tidings::cli::add_explain(app, run);
  tidings::cli::add_export(app, run);
  tidings::cli::add_import(app, run);
  tidings::cli::add_parse(app, run);
  tidings::cli::add_plugin(app, run);
  tidings::cli::add_replay(app, run);
  tidings::cli::add_sources(app, run);
  tidings::cli::add_stories(app, run);
  tidings::cli::add_tail(app, run);
  tidings::cli::add_why(app, run);
  return tidings::cli::run_command_line(app, run, argc, argv);
}
