#pragma once
// TaskScope: the one way to start a coroutine. It can stop its tasks and wait until all have ended.

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string_view>

#include <boost/asio/cancellation_signal.hpp>

#include "base/log.h"
#include "loop/asio.h"

namespace tidings::loop {

// Loop thread only. Must outlive its tasks: call stop() and await join() before it is destroyed.
class TaskScope {
 public:
  TaskScope(asio::any_io_executor executor, Log log);
  ~TaskScope();  // asserts that no task is left
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;

  // Starts the task; after stop() it is destroyed unstarted. An exception that leaves a task is logged as an error
  // under this name; the daemon goes on.
  void spawn(std::string_view name, Task<> task);

  // Asks every task to end (terminal cancellation). Tasks started later do not run.
  void stop();
  bool stopped() const { return stopped_; }

  // Completes when no task is left.
  Task<> join();
  std::size_t size() const { return running_.size(); }

 private:
  struct Running {
    std::string name;
    asio::cancellation_signal cancel;
  };
  void finished(std::list<Running>::iterator task, std::exception_ptr error);

  asio::any_io_executor executor_;
  Log log_;
  std::list<Running> running_;
  asio::steady_timer empty_;  // waited on by join(), cancelled when the last task ends
  bool stopped_ = false;
};

}  // namespace tidings::loop
