// Two stores on one stream, copies of a store, a store set back, and replicas that lag or change roles.
#include <fmt/format.h>

#include <filesystem>

#include "publish_fixture.h"

namespace tidings::publish {
namespace {

struct PublishOwner : PublishTest {
  // A copy of a store's file as a backup would make it: with nobody writing.
  void copy(const std::string& from, const std::string& to) {
    for (const char* tail : {"", "-wal", ".id"}) {
      std::filesystem::remove(folder / (to + tail));
      if (std::filesystem::exists(folder / (from + tail))) std::filesystem::copy_file(folder / (from + tail), folder / (to + tail));
    }
  }
};

TEST_F(PublishOwner, a_second_store_is_refused_until_it_is_told_to_take_over) {
  PublishWorld first(setup("first.db"));
  first.start_publisher();
  first.add_rows(50, "first-");
  ASSERT_TRUE(first.until_published(redis));

  PublishWorld second(setup("second.db"));
  second.add_rows(50, "second-");
  second.start_publisher();
  ASSERT_TRUE(second.until_phase(Phase::owned));
  EXPECT_EQ(second.metric("tidings_stream_owned_by_other"), 1);
  second.run_for(Millis(60));
  EXPECT_EQ(second.publisher().status().phase, Phase::owned);
  EXPECT_EQ(read_stream(redis, first.key).size(), 50u);

  second.publisher().take_over();
  ASSERT_TRUE(second.until_published(redis));
  EXPECT_EQ(second.compare_with(redis), kPerfect);
  first.add_rows(10, "late-");
  ASSERT_TRUE(first.until_phase(Phase::fenced));
  EXPECT_EQ(first.metric("tidings_stream_fenced"), 1);
  second.add_rows(10, "second-");
  ASSERT_TRUE(second.until_published(redis));
  first.run_for(Millis(60));
  EXPECT_EQ(first.publisher().status().phase, Phase::fenced) << "no ping-pong";
  EXPECT_EQ(second.publisher().status().phase, Phase::publishing);
  EXPECT_EQ(read_stream(redis, first.key).size(), 110u);
}

TEST_F(PublishOwner, the_older_run_of_a_copied_store_is_fenced_also_when_it_reconnects) {
  PublishWorld original(setup("original.db"));
  original.start_publisher();
  original.add_rows(50);
  ASSERT_TRUE(original.until_published(redis));
  copy("original.db", "clone.db");
  PublishWorld clone(setup("clone.db"));
  clone.start_publisher();
  ASSERT_TRUE(clone.until_phase(Phase::publishing));
  clone.add_rows(10, "clone-");
  ASSERT_TRUE(clone.until_published(redis));

  original.add_rows(10, "original-");
  ASSERT_TRUE(original.until_phase(Phase::fenced));
  redis.command({"CLIENT", "KILL", "TYPE", "normal"});
  original.run_for(Millis(60));
  EXPECT_EQ(original.publisher().status().phase, Phase::fenced);
  clone.add_rows(10, "clone-");
  ASSERT_TRUE(clone.until_published(redis));
  EXPECT_EQ(clone.compare_with(redis), kPerfect);
  EXPECT_EQ(read_stream(redis, clone.key).size(), 70u) << "nothing of the fenced one";
}

TEST_F(PublishOwner, a_store_that_was_set_back_publishes_its_new_rows_under_new_ids) {
  {
    PublishWorld world(setup());
    world.start_publisher();
    world.add_rows(50);
    ASSERT_TRUE(world.until_published(redis));
  }
  copy("tidings.db", "backup.db");
  {
    PublishWorld world(setup());
    world.start_publisher();
    world.add_rows(50, "forgotten-");
    ASSERT_TRUE(world.until_published(redis));
  }
  copy("backup.db", "tidings.db");
  auto s = setup();
  s.clock = [] { return system_now() - std::chrono::hours(1); };
  PublishWorld world(s);
  world.add_rows(20, "new-");
  world.start_publisher();
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_EQ(world.metric("tidings_stream_foreign_writes_total"), 1);
  EXPECT_EQ(read_stream(redis, world.key).size(), 120u);
}

struct PublishReplica : PublishOwner {
  static std::vector<std::string> replica_of(const RedisServer& master) { return {"REPLICAOF", "127.0.0.1", std::to_string(master.port())}; }
  // Until the replica has as many entries.
  bool caught_up(PublishWorld& world, const RedisServer& replica, std::size_t entries) {
    return world.until([&] {
      const auto reply = replica.command({"XLEN", world.key});
      return reply == fmt::format(":{}\r\n", entries);
    });
  }
};

TEST_F(PublishReplica, a_failover_to_a_lagging_replica_sends_the_tail_again_with_the_same_ids) {
  RedisServer replica;
  store::StreamId last;
  {
    PublishWorld world(setup());
    world.start_publisher();
    replica.command(replica_of(redis));
    world.add_rows(100);
    ASSERT_TRUE(world.until_published(redis));
    ASSERT_TRUE(caught_up(world, replica, 100));
    replica.command({"REPLICAOF", "NO", "ONE"});
    world.add_rows(300);
    ASSERT_TRUE(world.until_published(redis));
    world.add_rows(1);  // writes down how far it was
    last = world.store().stream("items").last.id;
  }
  redis.kill();
  auto s = setup();
  s.redis_url = replica.url();
  PublishWorld world(s);
  world.start_publisher();
  ASSERT_TRUE(world.until_published(replica));
  EXPECT_EQ(world.metric("tidings_stream_tail_losses_total"), 1);
  EXPECT_EQ(world.compare_with(replica), kPerfect);
  EXPECT_EQ(world.rows().back().id, last);
}

TEST_F(PublishReplica, a_master_demoted_to_a_lagging_peer_and_back_is_noticed_on_the_first_append) {
  RedisServer peer;
  PublishWorld world(setup());
  world.start_publisher();
  peer.command(replica_of(redis));
  world.add_rows(100);
  ASSERT_TRUE(world.until_published(redis));
  ASSERT_TRUE(caught_up(world, peer, 100));
  peer.command({"REPLICAOF", "NO", "ONE"});
  world.add_rows(300);
  ASSERT_TRUE(world.until_published(redis));
  // The same TCP connection all the while: its server takes the peer's shorter stream.
  redis.command(replica_of(peer));
  ASSERT_TRUE(world.until([&] { return redis.command({"XLEN", world.key}) == ":100\r\n"; }));
  redis.command({"REPLICAOF", "NO", "ONE"});
  world.add_rows(10, "after-");
  ASSERT_TRUE(world.until_published(redis));
  EXPECT_EQ(world.compare_with(redis), kPerfect);
  EXPECT_GE(world.metric("tidings_stream_tail_losses_total"), 1);
}

}  // namespace
}  // namespace tidings::publish
