#include "cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/terminal.h"

namespace tidings::cli {
namespace {

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const auto meant = text::nearest(word, {known.begin(), known.end()});
  return meant.empty() ? std::string() : fmt::format(" (did you mean '{}'?)", meant);
}

void say(std::string_view command, std::string_view message) {
  const std::string name = command.empty() ? "tidings" : fmt::format("tidings {}", command);
  for (const auto line : text::split(message, '\n')) {
    if (!line.empty()) fmt::print(stderr, "{}: {}\n", name, printable(line));
  }
}

// What an argument that nobody expected was meant to be.
std::string unexpected(const CLI::App& command) {
  const auto rest = command.remaining();
  if (rest.empty()) return "there is an argument too many";
  for (const auto& word : rest) {
    if (!word.starts_with('-')) continue;
    std::vector<std::string> known;
    for (const auto* option : command.get_options()) {
      for (const auto& name : option->get_lnames()) known.push_back("--" + name);
    }
    return fmt::format("there is no option '{}'{}", word, did_you_mean(word, known));
  }
  return fmt::format("there is no use for '{}'", rest.front());
}

int unparsed(const CLI::App& app, const CLI::ParseError& error) {
  const auto parsed = app.get_subcommands();
  const std::string command = parsed.empty() ? "" : parsed.front()->get_name();
  const bool is_extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const std::string message = is_extra ? unexpected(parsed.empty() ? app : *parsed.front()) : std::string(error.what());
  return misuse(command, fmt::format("{}; `tidings {}--help` tells more", text::trim(message), command.empty() ? "" : command + " "));
}

}  // namespace

std::string exit_statuses(std::string_view done, std::string_view failed) {
  return fmt::format("Exit status:\n  0  {}\n  1  {}\n  2  the arguments are off", done, failed);
}

int fail(std::string_view command, std::string_view message) {
  say(command, message);
  return 1;
}

int misuse(std::string_view command, std::string_view message) {
  say(command, message);
  return 2;
}

int run_command_line(CLI::App& app, const Run& run, int argc, const char* const* argv) {
  std::vector<std::string> names;
  for (auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
    if (command->get_footer().empty()) command->footer(exit_statuses("done", "something failed"));
  }
  app.footer("`tidings COMMAND --help` tells what a command takes and its exit statuses.");
  if (argc < 2) {
    fmt::print(stderr, "{}", app.help());
    return 2;
  }
  if (const std::string_view first = argv[1]; !first.starts_with('-') && std::find(names.begin(), names.end(), first) == names.end()) {
    return misuse("", fmt::format("there is no command '{}'{}; `tidings --help` lists all", first, did_you_mean(first, names)));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());  // that of the command that was named
    return 0;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return 0;
  } catch (const CLI::ParseError& error) {
    return unparsed(app, error);
  }
  return run ? run() : 0;
}

}  // namespace tidings::cli
