// What can happen to a stream while the connection stays up, and what Redis may say.
#include <fmt/format.h>

#include <atomic>
#include <fstream>

#include "publish_fixture.h"

namespace tidings::publish {
namespace {

using testing::HasSubstr;

struct PublishFaults : PublishTest {
  void start(PublishWorld& world, std::size_t rows, const std::string& prefix = "row-") {
    world.start_publisher();
    world.add_rows(rows, prefix);
    ASSERT_TRUE(world.until_published(redis));
  }
};

TEST_F(PublishFaults, rows_arrive_once_in_order_under_their_ids) {
  PublishWorld world(setup());
  start(world, 1000);
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(world.metric("tidings_published_rows_total"), 1000);
  world.add_rows(1);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, a_restart_finds_its_place) {
  for (int round = 0; round < 5; ++round) {
    PublishWorld world(setup());
    world.start_publisher();
    world.add_rows(95, fmt::format("round-{}-", round));
    if (round % 2 == 0) {
      ASSERT_TRUE(world.until_published(redis));
    }
  }
  PublishWorld world(setup());
  start(world, 1);
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(world.metric("tidings_stream_resets_total"), 0);
  EXPECT_EQ(world.metric("tidings_stream_foreign_writes_total"), 0);
}

TEST_F(PublishFaults, what_was_committed_is_published_before_a_stop) {
  PublishWorld world(setup());
  world.add_rows(500);
  world.start_publisher();
  world.publisher().drain(std::chrono::steady_clock::now() + std::chrono::seconds(20));
  ASSERT_TRUE(world.until_phase(Phase::stopped));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, a_stop_does_not_wait_longer_than_its_deadline) {
  PublishWorld world(setup());
  world.add_rows(10);
  redis.kill();
  world.start_publisher();
  world.publisher().drain(std::chrono::steady_clock::now() + Millis(50));
  ASSERT_TRUE(world.until_phase(Phase::stopped));
  EXPECT_EQ(world.publisher().status().pending_rows, 10u);
}

TEST_F(PublishFaults, flushall_and_del_with_the_connection_up_replay_all_that_is_kept) {
  PublishWorld world(setup());
  start(world, 200);
  redis.command({"FLUSHALL"});
  world.add_rows(50);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(world.metric("tidings_stream_resets_total"), 1);
  redis.command({"DEL", world.key});
  world.add_rows(50);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(world.metric("tidings_stream_resets_total"), 2);
  EXPECT_EQ(world.metric("tidings_stream_lost_rows_total"), 0);
}

TEST_F(PublishFaults, a_reset_is_noticed_also_when_nothing_is_new) {
  PublishWorld world(setup());
  start(world, 30);
  redis.command({"FLUSHALL"});
  EXPECT_TRUE(world.until([&] { return world.metric("tidings_stream_resets_total") == 1; }));
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, a_reset_can_go_on_with_what_is_new) {
  auto s = setup();
  s.publish.on_reset = OnReset::resume;
  PublishWorld world(s);
  start(world, 40);
  redis.command({"DEL", world.key});
  world.add_rows(5);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(read_stream(redis, world.key).size(), 5u);
}

TEST_F(PublishFaults, a_reset_beyond_the_retention_counts_what_is_lost) {
  auto s = setup();
  s.store.outbox_kept_bytes = 1;
  s.store.purge_interval = Millis(10);
  PublishWorld world(s);
  start(world, 100);
  loop::TaskScope scope(world.context().get_executor(), Log());
  scope.spawn("purge", world.store().run());
  ASSERT_TRUE(world.until([&] { return world.store().stream("items").purged.n == 100; }));
  scope.stop();
  world.until([&] { return scope.size() == 0; });
  redis.command({"FLUSHALL"});
  world.add_rows(7);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(read_stream(redis, world.key).size(), 7u);
  EXPECT_EQ(world.metric("tidings_stream_lost_rows_total"), 100);
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, a_raised_last_id_gives_waiting_rows_new_ids) {
  PublishWorld world(setup());
  start(world, 100);
  const auto last = world.store().stream("items").last.id;
  redis.command({"XSETID", world.key, fmt::format("{}-0", last.ms + 60'000)});
  world.add_rows(50);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(world.metric("tidings_stream_foreign_writes_total"), 1);
  EXPECT_GT(world.rows().back().id, (store::StreamId{last.ms + 60'000, 0}));
}

TEST_F(PublishFaults, a_foreign_entry_swallows_nothing) {
  PublishWorld world(setup());
  start(world, 100);
  redis.command({"XADD", world.key, fmt::format("{}-5", world.store().stream("items").last.id.ms + 30'000), "alien", "1"});
  world.add_rows(50);
  ASSERT_TRUE(world.until_published(redis));
  redis.command({"XADD", world.key, "*", "alien", "2"});
  world.add_rows(50);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(read_stream(redis, world.key).size(), 202u) << "the second got the very ID that our next row had";
}

TEST_F(PublishFaults, a_foreign_entry_is_told_once_also_over_a_restart) {
  {
    PublishWorld world(setup());
    start(world, 10);
    redis.command({"XADD", world.key, fmt::format("{}-5", world.store().stream("items").last.id.ms + 30'000), "alien", "1"});
    ASSERT_TRUE(world.until([&] { return world.metric("tidings_stream_foreign_writes_total") == 1; }));
    ASSERT_TRUE(world.until_published(redis));
  }
  PublishWorld world(setup());
  world.start_publisher();
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.metric("tidings_stream_foreign_writes_total"), 0);
  world.add_rows(10, "after-");
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, rows_that_were_appended_before_a_foreign_entry_are_not_sent_again) {
  PublishWorld world(setup());
  start(world, 10);
  world.add_rows(30, "more-");
  ASSERT_TRUE(world.until_published(redis));
  const auto rows = world.rows();
  world.stop_publisher();
  // The place is forgotten, as when the acknowledgement and the note of it were lost.
  world.store().published("items", {rows[9].id, rows[9].n, rows[9].bytes});
  redis.command({"XADD", world.key, fmt::format("{}-5", rows.back().id.ms + 30'000), "alien", "1"});
  world.start_publisher();
  world.add_rows(10, "last-");
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, out_of_memory_comes_and_goes) {
  PublishWorld world(setup());
  start(world, 100);
  for (int round = 0; round < 5; ++round) {
    redis.command({"CONFIG", "SET", "maxmemory", "1"});
    world.add_rows(200);
    ASSERT_TRUE(world.until_phase(Phase::waiting));
    EXPECT_THAT(world.publisher().status().reason, HasSubstr("OOM"));
    redis.command({"CONFIG", "SET", "maxmemory", "0"});
    if (round % 2 == 0) {
      ASSERT_TRUE(world.until_published(redis));
    }
  }
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, a_flapping_limit_of_memory_leaves_no_gap) {
  PublishWorld world(setup());
  start(world, 10);
  for (int round = 0; round < 30; ++round) {
    world.add_rows(100);
    redis.command({"CONFIG", "SET", "maxmemory", round % 2 == 0 ? "1" : "0"});
    world.run_for(Millis(3));
  }
  redis.command({"CONFIG", "SET", "maxmemory", "0"});
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, too_few_replicas_and_a_busy_script_are_waited_out) {
  PublishWorld world(setup());
  start(world, 10);
  redis.command({"CONFIG", "SET", "min-replicas-to-write", "1"});
  world.add_rows(10);
  ASSERT_TRUE(world.until_phase(Phase::waiting));
  EXPECT_THAT(world.publisher().status().reason, HasSubstr("NOREPLICAS"));
  redis.command({"CONFIG", "SET", "min-replicas-to-write", "0"});
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, forgotten_scripts_are_loaded_again) {
  PublishWorld world(setup());
  start(world, 10);
  redis.command({"SCRIPT", "FLUSH"});
  world.add_rows(100);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, a_key_of_another_type_is_refused_until_it_is_gone) {
  PublishWorld world(setup());
  redis.command({"SET", world.key, "in the way"});
  world.add_rows(10);
  world.start_publisher();
  ASSERT_TRUE(world.until_phase(Phase::refused));
  EXPECT_EQ(world.metric("tidings_stream_refused"), 1);
  EXPECT_THAT(world.publisher().status().reason, HasSubstr("WRONGTYPE"));
  redis.command({"DEL", world.key});
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.metric("tidings_stream_refused"), 0);
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, the_smallest_set_of_permissions_is_enough) {
  redis.command({"ACL", "SETUSER", "tidings", "on", ">secret", "~{tidings}:*", "-@all", "+auth", "+ping", "+evalsha", "+script|load", "+xadd",
                 "+xtrim", "+xrange", "+xinfo|stream", "+hget", "+hmget", "+hset", "+info", "+wait", "+client|setname"});
  auto s = setup();
  s.publish.max_length = 1000;
  s.redis_url = fmt::format("redis://tidings:secret@127.0.0.1:{}", redis.port());
  PublishWorld world(s);
  start(world, 100);
  redis.command({"XADD", world.key, fmt::format("{}-5", world.store().stream("items").last.id.ms + 30'000), "alien", "1"});
  world.add_rows(100);
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  redis.command({"ACL", "SETUSER", "tidings", "-xadd"});
  world.add_rows(10);
  ASSERT_TRUE(world.until_phase(Phase::refused));
  redis.command({"ACL", "SETUSER", "tidings", "+xadd"});
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, trimmed_entries_do_not_come_back) {
  auto s = setup();
  s.publish.max_length = 200;
  {
    PublishWorld world(s);
    start(world, 2000);
    EXPECT_LT(read_stream(redis, world.key).size(), 400u);
    redis.command({"XTRIM", world.key, "MAXLEN", "0"});
    world.add_rows(10);
    ASSERT_TRUE(world.until_published(redis));
    EXPECT_EQ(read_stream(redis, world.key).size(), 10u);
    redis.command({"XTRIM", world.key, "MAXLEN", "0"});
    world.store().published("items", {});
  }
  PublishWorld world(s);
  world.start_publisher();
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_TRUE(read_stream(redis, world.key).empty());
}

TEST_F(PublishFaults, ids_rise_whatever_the_clock_does) {
  std::atomic<std::int64_t> shift{0};
  auto s = setup();
  s.clock = [&] { return system_now() + std::chrono::milliseconds(shift.load()); };
  int round = 0;
  for (const std::int64_t ms : {0, -1, -3'600'000, -86'400'000, 7'200'000, 0}) {
    shift = ms;
    PublishWorld world(s);
    start(world, 20, fmt::format("{}-", ++round));
    shift = ms - 5000;
    world.add_rows(20, fmt::format("{}-", ++round));
    ASSERT_TRUE(world.until_published(redis));
  }
  PublishWorld world(s);
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(read_stream(redis, world.key).size(), 240u);
}

TEST_F(PublishFaults, a_server_that_may_evict_streams_is_reported) {
  redis.command({"CONFIG", "SET", "maxmemory-policy", "allkeys-lru"});
  PublishWorld world(setup());
  start(world, 1);
  EXPECT_EQ(world.metric("tidings_redis_may_evict"), 1);
}

TEST_F(PublishFaults, a_silent_server_is_given_up_and_nothing_is_taken_for_anothers_reply) {
  auto s = setup();
  s.command_timeout = Millis(100);
  PublishWorld world(s);
  start(world, 100);
  for (int round = 0; round < 3; ++round) {
    redis.freeze();
    world.add_rows(100);
    ASSERT_TRUE(world.until_phase(Phase::connecting));
    redis.thaw();
    ASSERT_TRUE(world.until_published(redis));
  }
  EXPECT_EQ(world.compare_with(redis), kPerfect);
}

TEST_F(PublishFaults, a_damaged_row_is_passed_over_and_the_others_go_out) {
  auto s = setup();
  {
    PublishWorld world(s);
    world.add_rows(10);
  }
  std::string bytes;
  {
    std::ifstream file(s.path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto at = bytes.find("Title of row-5");
  ASSERT_NE(at, std::string::npos);
  bytes[at] ^= 1;
  std::ofstream(s.path, std::ios::binary) << bytes;
  PublishWorld world(s);
  world.start_publisher();
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.metric("tidings_publish_damaged_rows_total"), 1);
  EXPECT_EQ(read_stream(redis, world.key).size(), 9u);
}

}  // namespace
}  // namespace tidings::publish
