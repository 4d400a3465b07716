// Random events with fixed seeds: a kill of Redis, of the publisher, of connections; DEL, FLUSHALL, a cut file, no memory,
// silence. TIDINGS_CHAOS_ROUNDS and TIDINGS_CHAOS_SEEDS make it longer.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "publish_fixture.h"

namespace tidings::publish {
namespace {

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? static_cast<unsigned>(std::atoi(text)) : otherwise;
}

class Chaos {
 public:
  explicit Chaos(unsigned seed) : random_(seed) { open(); }

  void round(int number) {
    world_->add_rows(20 + random_() % 200, fmt::format("{}-", number));
    world_->run_for(Millis(random_() % 20));
    switch (random_() % 9) {
      case 0: redis_.kill(); world_->add_rows(random_() % 50, fmt::format("{}+", number)); redis_.start(); break;
      case 1: cut(); break;
      case 2: redis_.command({"FLUSHALL"}); break;
      case 3: redis_.command({"DEL", world_->key}); break;
      case 4: redis_.command({"CLIENT", "KILL", "TYPE", "normal"}); break;
      case 5: open(); break;  // the publisher goes without a word
      case 6:
        redis_.command({"CONFIG", "SET", "maxmemory", "1"});
        world_->run_for(Millis(random_() % 30));
        redis_.command({"CONFIG", "SET", "maxmemory", "0"});
        break;
      case 7: redis_.freeze(); world_->run_for(Millis(random_() % 300)); redis_.thaw(); break;
      default: redis_.command({"SCRIPT", "FLUSH"}); break;
    }
  }
  void check() {
    ASSERT_TRUE(world_->until_published(redis_));
    EXPECT_EQ(world_->compare_with(redis_), kPerfect);
  }

 private:
  void open() {
    world_.reset();
    PublishWorld::Setup setup = quick_setup(folder_ / "tidings.db", random_() % 2 == 0 ? redis_.url() : redis_.unix_url());
    setup.command_timeout = Millis(200);
    setup.publish.batch_rows = 1 + random_() % 100;
    setup.publish.window = 1 + random_() % 4;
    setup.publish.backoff_base = Millis(2);
    setup.publish.backoff_max = Millis(20);
    world_ = std::make_unique<PublishWorld>(setup);
    world_->start_publisher();
  }
  void cut() {
    redis_.kill();
    for (const auto& file : std::filesystem::directory_iterator(redis_.folder().path() / "appendonlydir")) {
      if (!file.path().string().ends_with(".incr.aof")) continue;
      const auto size = file.file_size();
      std::filesystem::resize_file(file.path(), size - std::min<std::uintmax_t>(size, random_() % 400'000));
    }
    redis_.start();
  }

  RedisServer redis_{{"--appendonly", "yes", "--appendfsync", "everysec"}};
  test::TempFolder folder_;
  std::mt19937 random_;
  std::unique_ptr<PublishWorld> world_;
};

TEST(PublishChaos, the_stream_is_the_outbox_after_anything) {
  const unsigned rounds = number_from("TIDINGS_CHAOS_ROUNDS", 30);
  const unsigned seeds = number_from("TIDINGS_CHAOS_SEEDS", 4);
  for (unsigned seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Chaos chaos(seed);
    for (unsigned round = 0; round < rounds; ++round) {
      chaos.round(static_cast<int>(round));
      if (round % 5 == 4) chaos.check();
      if (testing::Test::HasFailure()) return;
    }
    chaos.check();
  }
}

}  // namespace
}  // namespace tidings::publish
