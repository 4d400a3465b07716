#pragma once
// A store and its publisher on a loop of their own, driven step by step by a test.

#include <functional>
#include <memory>
#include <string>

#include "loop/task_scope.h"
#include "publish/publisher.h"
#include "store/store.h"
#include "support/published.h"
#include "support/redis_server.h"

namespace tidings::test {

class PublishWorld {
 public:
  struct Setup {
    std::string path;  // of the store
    std::string redis_url;
    publish::Options publish;
    store::Options store;
    Millis command_timeout{2000};
    store::Clock clock = system_now;
  };
  // Opens the store; a failure throws.
  explicit PublishWorld(Setup setup);
  ~PublishWorld();  // stops at once, as a crash would: nothing is drained
  PublishWorld(const PublishWorld&) = delete;
  PublishWorld& operator=(const PublishWorld&) = delete;

  void start_publisher();
  void stop_publisher();

  // Commits so many rows to the stream "items", in batches of ten; keys are PREFIX and a running number.
  void add_rows(std::size_t count, const std::string& prefix = "row-");
  // Runs the loop until it holds; false after 30 s.
  bool until(const std::function<bool()>& condition);
  // Runs the loop until all that was committed is in Redis by its own word and the publisher knows it.
  bool until_published(const RedisServer& redis);
  bool until_phase(publish::Phase phase);
  void run_for(Millis time);

  std::vector<store::OutboxRow> rows();
  // Rows against the stream in this Redis.
  Comparison compare_with(const RedisServer& redis);
  double metric(const std::string& name);  // of the stream "items", counter or gauge

  publish::Publisher& publisher() { return *publisher_; }
  store::Store& store() { return *store_; }
  asio::io_context& context() { return context_; }
  const std::string key = "{tidings}:items";

 private:
  Setup setup_;
  asio::io_context context_;
  Metrics metrics_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<loop::TaskScope> scope_;
  std::unique_ptr<publish::Publisher> publisher_;
  std::size_t next_key_ = 0;
};

}  // namespace tidings::test
