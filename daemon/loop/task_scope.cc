#include "loop/task_scope.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <cassert>
#include <utility>

namespace tidings::loop {

TaskScope::TaskScope(asio::any_io_executor executor, Log log)
    : executor_(std::move(executor)), log_(std::move(log)), empty_(executor_, asio::steady_timer::time_point::max()) {}

TaskScope::~TaskScope() { assert(running_.empty() && "stop() and join() a TaskScope before it goes"); }

void TaskScope::spawn(std::string_view name, Task<> task) {
  if (stopped_) return;
  const auto running = running_.emplace(running_.end());
  running->name = name;
  asio::co_spawn(executor_, std::move(task),
                 asio::bind_cancellation_slot(running->cancel.slot(), [this, running](std::exception_ptr error) {
                   finished(running, std::move(error));
                 }));
}

void TaskScope::stop() {
  stopped_ = true;
  // A task may end inside emit() and take its element with it, so each is emitted from a fresh loop iteration.
  for (auto& task : running_) {
    asio::post(executor_, [this, wanted = &task] {
      for (auto& running : running_) {
        if (&running == wanted) {
          running.cancel.emit(asio::cancellation_type::terminal);
          return;
        }
      }
    });
  }
}

Task<> TaskScope::join() {
  while (!running_.empty()) {
    co_await empty_.async_wait(use_task);
  }
}

void TaskScope::finished(std::list<Running>::iterator task, std::exception_ptr error) {
  if (error) {
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
      if (e.code() != asio::error::operation_aborted) log_.error("task {} ended: {}", task->name, e.what());
    } catch (const std::exception& e) {
      log_.error("task {} ended: {}", task->name, e.what());
    }
  }
  running_.erase(task);
  if (running_.empty()) empty_.cancel();
}

}  // namespace tidings::loop
