#pragma once
// From arguments to an exit status: 0 done, 1 the answer is no or something failed, 2 the arguments are off.

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "cli/commands.h"

namespace tidings::cli {

// Parses the arguments and runs the command they name. What is wrong with them is one sentence on standard error.
int run_command_line(CLI::App& app, const Run& run, int argc, const char* const* argv);

// For the end of a command's help: what 0 and 1 mean; 2 is always the arguments.
std::string exit_statuses(std::string_view done, std::string_view failed);

// "tidings COMMAND: MESSAGE" on standard error. Returns the exit status, 1 and 2.
int fail(std::string_view command, std::string_view message);
int misuse(std::string_view command, std::string_view message);

}  // namespace tidings::cli
