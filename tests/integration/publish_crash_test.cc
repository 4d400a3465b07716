// The publisher and Redis, killed at every moment.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "publish_fixture.h"

namespace tidings::publish {
namespace {

// How publisher_main ended: its exit status, or -1 where it killed itself.
int run_publisher(const std::string& store, const RedisServer& redis, long first, long count, const std::string& failpoint) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!failpoint.empty()) ::setenv("FAILPOINT", failpoint.c_str(), 1);
    const std::string url = redis.url();
    const std::string from = std::to_string(first);
    const std::string rows = std::to_string(count);
    if (::freopen("/dev/null", "w", stdout) != nullptr) {
      ::execl(PUBLISHER_MAIN, PUBLISHER_MAIN, store.c_str(), url.c_str(), from.c_str(), rows.c_str(), nullptr);
    }
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct PublishCrash : testing::TestWithParam<const char*> {
  PublishWorld::Setup setup(const RedisServer& redis) {
    PublishWorld::Setup s = quick_setup(folder / "tidings.db", redis.url());
    s.publish.batch_rows = 20;
    s.command_timeout = Millis(500);
    return s;
  }
  test::TempFolder folder;
};

TEST_P(PublishCrash, the_publisher_dies_and_nothing_is_lost_or_repeated) {
  RedisServer redis;
  int killed = 0;
  for (long round = 0; round < 14; ++round) {
    const auto failpoint = fmt::format("{}:{}", GetParam(), 2 + round);
    killed += run_publisher(folder / "tidings.db", redis, round * 100, 100, failpoint) == -1;
  }
  EXPECT_GE(killed, 7) << "the failpoint was not reached";
  ASSERT_EQ(run_publisher(folder / "tidings.db", redis, 1'000'000, 20, ""), 0);
  PublishWorld world(setup(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_GT(world.rows().size(), 20u);
}

INSTANTIATE_TEST_SUITE_P(Failpoints, PublishCrash, testing::Values("before_send", "after_send", "after_ack"),
                         [](const auto& parameter) { return std::string(parameter.param); });

struct RedisCrash : PublishCrash {};

TEST_P(RedisCrash, redis_dies_and_nothing_is_lost_or_repeated) {
  std::vector<std::string> options;
  if (std::string_view(GetParam()) != "none") options = {"--appendonly", "yes", "--appendfsync", GetParam()};
  RedisServer redis(options);
  PublishWorld world(setup(redis));
  world.start_publisher();
  std::mt19937 random(7);
  for (int round = 0; round < 8; ++round) {
    world.add_rows(300);
    world.run_for(Millis(random() % 15));
    redis.kill();
    world.add_rows(30);
    world.run_for(Millis(random() % 15));
    redis.start();
    const auto up = std::chrono::steady_clock::now();
    if (round % 2 == 0) {
      ASSERT_TRUE(world.until_published(redis));
      EXPECT_LT(std::chrono::steady_clock::now() - up, std::chrono::seconds(10));
    }
  }
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

INSTANTIATE_TEST_SUITE_P(Persistence, RedisCrash, testing::Values("always", "everysec", "none"),
                         [](const auto& parameter) { return std::string(parameter.param); });

// Stands for a loss of power: the append-only file ends anywhere.
TEST_F(PublishCrash, redis_loses_the_end_of_its_file) {
  RedisServer redis({"--appendonly", "yes", "--appendfsync", "everysec", "--aof-load-truncated", "yes"});
  PublishWorld world(setup(redis));
  world.start_publisher();
  std::mt19937 random(11);
  for (int round = 0; round < 8; ++round) {
    world.add_rows(300);
    if (round % 2 == 0) {
      ASSERT_TRUE(world.until_published(redis));
    }
    redis.kill();
    for (const auto& file : std::filesystem::directory_iterator(redis.folder().path() / "appendonlydir")) {
      if (!file.path().string().ends_with(".incr.aof")) continue;
      const auto size = file.file_size();
      std::filesystem::resize_file(file.path(), size - std::min<std::uintmax_t>(size, 1 + random() % 100'000));
    }
    redis.start();
    const auto entries = read_stream(redis, world.key);
    EXPECT_EQ(entries.size() % 10, 0u) << "a batch is there whole or not at all";
    ASSERT_TRUE(world.until_published(redis));
    EXPECT_EQ(world.compare_with(redis), kPerfect);
  }
}

}  // namespace
}  // namespace tidings::publish
