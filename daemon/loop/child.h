#pragma once
// A child process on the loop: started without a shell, in a process group of its own, with nothing of ours inherited but
// three pipes.

#include <sys/types.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "loop/asio.h"

namespace tidings::loop {

struct ChildCommand {
  std::vector<std::string> argv;  // the program, looked for in PATH where it has no slash, and its arguments
  // Besides PATH, LANG, and HOME and TZ where we have them; all else of our environment stays here.
  std::vector<std::pair<std::string, std::string>> environment;
  std::string folder = "/";  // it starts in
  // All of its standard input, where it is known beforehand: a child that does not read it blocks nobody. Absent: what is
  // written to Child::input().
  std::optional<std::string> input;
  bool errors_to_output = false;  // its standard error goes where its standard output goes
};

// Loop thread only. Destroyed, it kills the group at once and reaps its leader.
class Child {
 public:
  using Pipe = asio::posix::stream_descriptor;

  // Errors: not_found, refused or io, in one sentence that names the program.
  static Result<std::unique_ptr<Child>> spawn(asio::any_io_executor executor, const ChildCommand& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  Pipe& input() { return input_; }    // its standard input where the command gives none; close() says that no more comes
  Pipe& output() { return output_; }  // its standard output
  Pipe& errors() { return errors_; }  // its standard error where it does not go to the output

  // Completes when it has ended (true) or the task is cancelled (false).
  Task<bool> ended();
  // Whether it has ended by now.
  bool has_ended() const;
  // Sends a signal to the whole group.
  void signal(int number);
  // Kills what is left of the group and gives the leader's exit status, 128 + signal where a signal ended it; once only.
  int reap();
  pid_t pid() const { return pid_; }

 private:
  Child(asio::any_io_executor executor, pid_t pid, int exit, int input, int output, int errors);

  pid_t pid_;
  int exit_number_;  // the descriptor of exit_
  Pipe exit_;  // a pidfd: becomes readable when the leader has ended
  Pipe input_;
  Pipe output_;
  Pipe errors_;
};

}  // namespace tidings::loop
