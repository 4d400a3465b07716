#pragma once
// Runs a coroutine on an io_context until it ends and gives its value, for tests. What else is spawned there runs too.

#include <gtest/gtest.h>

#include <exception>
#include <optional>

#include "loop/asio.h"

namespace tidings::test {

template <class T>
T run_task(asio::io_context& context, Task<T> task) {
  std::optional<T> value;
  std::exception_ptr failure;
  asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T result) {
    failure = error;
    value = std::move(result);
    context.stop();
  });
  context.restart();
  context.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*value);
}

inline void run_task(asio::io_context& context, Task<> task) {
  std::exception_ptr failure;
  asio::co_spawn(context, std::move(task), [&](std::exception_ptr error) {
    failure = error;
    context.stop();
  });
  context.restart();
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace tidings::test
