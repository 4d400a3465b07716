#pragma once
// What the tests of publishing share: a private redis-server, a folder, and a publisher that is quick and trims nothing.

#include <gmock/gmock.h>

#include <string>

#include "support/publish_world.h"
#include "support/temp_folder.h"

namespace tidings::publish {

using test::Comparison;
using test::PublishWorld;
using test::RedisServer;

// The stream is the outbox: nothing is lost, repeated, out of order or different.
inline const Comparison kPerfect;

inline PublishWorld::Setup quick_setup(const std::string& path, const std::string& redis_url) {
  PublishWorld::Setup setup;
  setup.path = path;
  setup.redis_url = redis_url;
  setup.publish.batch_rows = 10;
  setup.publish.max_length = 0;
  setup.publish.backoff_base = Millis(5);
  setup.publish.backoff_max = Millis(50);
  setup.publish.owned_retry = Millis(20);
  setup.publish.idle_check = Millis(20);
  return setup;
}

struct PublishTest : testing::Test {
  PublishWorld::Setup setup(const std::string& name = "tidings.db") { return quick_setup(folder / name, redis.url()); }

  RedisServer redis;
  test::TempFolder folder;
};

}  // namespace tidings::publish
