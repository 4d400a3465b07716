#pragma once
// A source that a program in any language feeds (exec_protocol.h): run anew for each poll, or kept running across polls.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "loop/child.h"
#include "model/entry.h"
#include "model/source.h"
#include "plugin/exec_protocol.h"
#include "plugin/library.h"

namespace tidings::plugin {

// The options of an exec source, as a plugin's option table states them.
const std::vector<OptionSpec>& exec_options();

// How long a child that is to stop is left to each step.
struct ExecStop {
  std::chrono::milliseconds after_close{5000};  // its standard input is closed: then SIGTERM
  std::chrono::milliseconds after_term{2000};   // then SIGKILL to its group
};

// Loop thread only.
class ExecSource {
 public:
  static Result<std::unique_ptr<ExecSource>> create(asio::any_io_executor executor, const model::Source& source, Log log, Metrics& metrics);
  ~ExecSource();

  // One poll. Errors, each one sentence: not_found, refused or io where the program cannot be run, timeout, protocol where a
  // line is not understood, too_large where it floods, unavailable where it ended with a failure. The program is then killed;
  // what is kept running starts anew at the next poll. Items given before a failure come as a partial document.
  Task<Result<model::Document>> poll(std::string cursor);
  // Closes the child's standard input and waits, then SIGTERM and waits, then SIGKILL to its group.
  Task<> stop(ExecStop times = {});

 private:
  struct Settings {
    std::vector<std::string> run;
    bool keep = false;
    std::chrono::milliseconds timeout{60'000};
    std::size_t max_line_bytes = 1 << 20;
    std::size_t max_output_bytes = 64 << 20;
  };
  ExecSource(asio::any_io_executor executor, model::Source source, Settings settings, Log log, Metrics& metrics);
  Result<void> start(const std::string& cursor);
  Task<Result<void>> converse(ExecReply& reply, std::string cursor);
  Task<Result<void>> talk(ExecReply& reply, std::string cursor);
  Task<bool> log_errors();
  Task<bool> end_with_leader();
  void drain_errors();
  void log_lines(const std::vector<std::string>& lines);
  Error ended_badly(int status) const;

  asio::any_io_executor executor_;
  model::Source source_;
  Settings settings_;
  Log log_;
  Counter& failures_;
  Counter& dropped_lines_;
  std::unique_ptr<loop::Child> child_;
  LineSplitter lines_;
  LineSplitter complaints_;
  std::string last_complaint_;  // the last line on standard error
};

}  // namespace tidings::plugin
