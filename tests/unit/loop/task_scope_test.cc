#include "loop/task_scope.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "loop/pool.h"
#include "loop/timeout.h"

namespace tidings::loop {
namespace {

Task<> sleep_long(bool& ended) {
  struct Mark {
    bool& ended;
    ~Mark() { ended = true; }
  } mark{ended};
  co_await sleep_for(std::chrono::hours(1));
}

Task<> stop_and_join(TaskScope& scope, bool& joined) {
  scope.stop();
  co_await scope.join();
  joined = true;
}

Task<> throwing() {
  co_await sleep_for(std::chrono::milliseconds(0));
  throw std::runtime_error("expected");
}

TEST(TaskScope, stop_cancels_and_join_waits) {
  asio::io_context context;
  TaskScope scope(context.get_executor(), Log());
  TaskScope stopper(context.get_executor(), Log());
  bool first = false;
  bool second = false;
  bool joined = false;
  scope.spawn("first", sleep_long(first));
  scope.spawn("second", sleep_long(second));
  context.poll();
  EXPECT_EQ(scope.size(), 2u);
  stopper.spawn("stopper", stop_and_join(scope, joined));
  context.restart();
  context.run();
  EXPECT_TRUE(first && second && joined);
  EXPECT_EQ(scope.size(), 0u);
}

TEST(TaskScope, a_task_spawned_after_stop_does_not_run) {
  asio::io_context context;
  TaskScope scope(context.get_executor(), Log());
  scope.stop();
  bool ended = false;
  scope.spawn("late", sleep_long(ended));
  context.run();
  EXPECT_FALSE(ended);
}

TEST(TaskScope, an_exception_ends_that_task_alone) {
  asio::io_context context;
  TaskScope scope(context.get_executor(), Log());
  bool ended = false;
  bool joined = false;
  scope.spawn("throwing", throwing());
  scope.spawn("other", sleep_long(ended));
  context.run_for(std::chrono::milliseconds(50));
  EXPECT_EQ(scope.size(), 1u);
  TaskScope stopper(context.get_executor(), Log());
  stopper.spawn("stopper", stop_and_join(scope, joined));
  context.restart();
  context.run();
  EXPECT_TRUE(ended && joined);
}

TEST(TaskScope, stop_at_any_moment_of_many_tasks_leaves_none) {
  for (int round = 0; round < 200; ++round) {
    asio::io_context context;
    Pool pool(2);
    TaskScope scope(context.get_executor(), Log());
    TaskScope stopper(context.get_executor(), Log());
    struct Work {
      static Task<> run(Pool& workers, int i) {
        auto work = [text = std::to_string(i)] { return text.size(); };
        for (;;) {
          const std::size_t size = co_await offload(workers, work);
          if (size == 0) co_return;
          const error_code cut_short = co_await sleep_for(std::chrono::microseconds(i));
          if (cut_short) co_return;
        }
      }
    };
    for (int i = 0; i < 20; ++i) scope.spawn("work", Work::run(pool, i));
    bool joined = false;
    for (int step = 0; step < round; ++step) context.poll_one();
    stopper.spawn("stopper", stop_and_join(scope, joined));
    context.run();
    EXPECT_TRUE(joined);
    EXPECT_EQ(pool.pending(), 0u);
  }
}

Task<> offload_one(Pool& pool, std::string& out) {
  auto work = [owned = std::string("kept alive by the worker")] { return owned + "!"; };
  out = co_await offload(pool, std::move(work));
}

TEST(Offload, returns_the_value_on_the_loop) {
  asio::io_context context;
  Pool pool(1);
  TaskScope scope(context.get_executor(), Log());
  std::string out;
  scope.spawn("offload", offload_one(pool, out));
  context.run();
  EXPECT_EQ(out, "kept alive by the worker!");
}

Task<> offload_throwing(Pool& pool, std::string& caught) {
  auto work = []() -> int { throw std::runtime_error("from the worker"); };
  try {
    co_await offload(pool, work);
  } catch (const std::runtime_error& e) {
    caught = e.what();
  }
}

TEST(Offload, an_exception_crosses_back) {
  asio::io_context context;
  Pool pool(1);
  TaskScope scope(context.get_executor(), Log());
  std::string caught;
  scope.spawn("offload", offload_throwing(pool, caught));
  context.run();
  EXPECT_EQ(caught, "from the worker");
}

Task<int> value_after(std::chrono::milliseconds time) {
  co_await sleep_for(time);
  co_return 7;
}

Task<> limited(std::chrono::milliseconds time, std::chrono::milliseconds limit, std::optional<int>& out) {
  out = co_await with_timeout(value_after(time), limit);
}

TEST(Timeout, gives_the_value_or_nothing) {
  asio::io_context context;
  TaskScope scope(context.get_executor(), Log());
  std::optional<int> quick;
  std::optional<int> slow = 1;
  scope.spawn("quick", limited(std::chrono::milliseconds(0), std::chrono::hours(1), quick));
  scope.spawn("slow", limited(std::chrono::hours(1), std::chrono::milliseconds(1), slow));
  context.run();
  EXPECT_EQ(quick, 7);
  EXPECT_EQ(slow, std::nullopt);
}

}  // namespace
}  // namespace tidings::loop
