#pragma once
// The worker pool and the one door to it: offload(pool, f) runs f on a worker and resumes on the loop.

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "loop/asio.h"

namespace tidings::loop {

// Loop thread only, but for the workers themselves. Outlives every offload.
class Pool {
 public:
  explicit Pool(std::size_t threads) : threads_(threads), pool_(threads) {}
  ~Pool() { join(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  std::size_t threads() const { return threads_; }
  // Pieces of work that wait or run: what callers hold against their bound before they offload more.
  std::size_t pending() const { return pending_; }
  // Blocks until all work is done.
  void join() { pool_.join(); }

 private:
  template <class F>
  friend Task<std::invoke_result_t<F>> offload(Pool& pool, F work);

  std::size_t threads_;
  std::size_t pending_ = 0;
  asio::thread_pool pool_;
};

// Runs work() on a worker; work owns its inputs, touches nothing shared and returns a value. Not cancellable: a
// cancellation is seen after work has ended. An exception of work is rethrown on the loop.
template <class F>
Task<std::invoke_result_t<F>> offload(Pool& pool, F work) {
  using Value = std::invoke_result_t<F>;
  static_assert(!std::is_void_v<Value>, "work returns a value");
  auto initiate = [&pool](auto completion, F&& f) {
    auto executor = asio::get_associated_executor(completion);
    auto on_worker = [f = std::move(f), completion = std::move(completion),
                      guard = asio::make_work_guard(executor)]() mutable {
      std::exception_ptr error;
      std::optional<Value> value;
      try {
        value.emplace(f());
      } catch (...) {
        error = std::current_exception();
      }
      auto on_loop = [completion = std::move(completion), error, value = std::move(value)]() mutable {
        std::move(completion)(error, std::move(value));
      };
      asio::post(guard.get_executor(), std::move(on_loop));
    };
    asio::post(pool.pool_, std::move(on_worker));
  };
  ++pool.pending_;
  struct Done {
    std::size_t& pending;
    ~Done() { --pending; }
  } done{pool.pending_};
  auto value = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, std::optional<Value>)>(
      std::move(initiate), asio::use_awaitable, std::move(work));
  co_return std::move(*value);
}

}  // namespace tidings::loop
