#pragma once
// The commands of `tidings`, each in a file of its own. An add_ function declares its command on the application and
// stores what runs it in `run`; run() returns the exit status: 0 done, 1 the answer is no or something failed,
// 2 the arguments are off.

#include <CLI/CLI.hpp>
#include <functional>

namespace tidings::cli {

using Run = std::function<int()>;

CLI::App* add_add(CLI::App& app, Run& run);
CLI::App* add_check(CLI::App& app, Run& run);
CLI::App* add_compare(CLI::App& app, Run& run);
CLI::App* add_dedup(CLI::App& app, Run& run);
CLI::App* add_demo(CLI::App& app, Run& run);
CLI::App* add_explain(CLI::App& app, Run& run);
CLI::App* add_export(CLI::App& app, Run& run);
CLI::App* add_import(CLI::App& app, Run& run);
CLI::App* add_parse(CLI::App& app, Run& run);
CLI::App* add_plugin(CLI::App& app, Run& run);
CLI::App* add_replay(CLI::App& app, Run& run);
CLI::App* add_sources(CLI::App& app, Run& run);
CLI::App* add_stories(CLI::App& app, Run& run);
CLI::App* add_tail(CLI::App& app, Run& run);
CLI::App* add_why(CLI::App& app, Run& run);

}  // namespace tidings::cli
