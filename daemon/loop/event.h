#pragma once
// Event: coroutines wait until somebody says that something happened.

#include "loop/asio.h"

namespace tidings::loop {

// Loop thread only; outlives its waits.
class Event {
 public:
  explicit Event(asio::any_io_executor executor) : timer_(std::move(executor), asio::steady_timer::time_point::max()) {}

  // Wakes all that wait. Stays set until reset().
  void set() {
    set_ = true;
    timer_.cancel();
  }
  void reset() { set_ = false; }
  bool is_set() const { return set_; }

  // Completes at once where it is set; operation_aborted when the task is cancelled.
  Task<error_code> wait() {
    while (!set_) {
      const auto [error] = co_await timer_.async_wait(use_task);
      if (!set_ && (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
        co_return error;
      }
    }
    co_return error_code();
  }

 private:
  asio::steady_timer timer_;
  bool set_ = false;
};

}  // namespace tidings::loop
