#pragma once
// Time limits and sleeps for coroutines.

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "loop/asio.h"

namespace tidings::loop {

// Waits; ends early with operation_aborted when the task is cancelled.
inline Task<error_code> sleep_for(std::chrono::steady_clock::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  const auto [error] = co_await timer.async_wait(use_task);
  co_return error;
}

// The task's value, or nothing where the limit ran out first: the task is then cancelled and has ended.
template <class T>
Task<std::optional<T>> with_timeout(Task<T> task, std::chrono::steady_clock::duration limit) {
  using namespace asio::experimental::awaitable_operators;
  Task<error_code> expiry = sleep_for(limit);
  auto either = std::move(task) || std::move(expiry);
  auto first = co_await std::move(either);
  if (first.index() == 0) co_return std::optional<T>(std::get<0>(std::move(first)));
  co_return std::nullopt;
}

}  // namespace tidings::loop
