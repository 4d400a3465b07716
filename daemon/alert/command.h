#pragma once
// Runs a program: input from memory, output bounded, a time limit, no shell, nothing of ours inherited.

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "loop/asio.h"

namespace tidings::alert {

struct Command {
  std::vector<std::string> argv;  // the program by absolute path, and its arguments
  std::string input;
  // Besides PATH, LANG, and HOME and TZ where we have them; all else of our environment stays here.
  std::vector<std::pair<std::string, std::string>> environment;
  Millis timeout = std::chrono::seconds(20);
  std::size_t max_output_bytes = 4096;  // what is beyond is read and dropped
};

struct CommandResult {
  int exit_status = 0;  // 128 + signal where a signal ended it, as shells say it
  std::string output;   // standard output and error as they came
};

// Ends when the program does; its process group is killed then, at the time limit and when the task is cancelled, so that
// nothing of it stays behind. Errors: not_found, refused or io where it cannot be started, timeout, cancelled.
Task<Result<CommandResult>> run(Command command);

}  // namespace tidings::alert
