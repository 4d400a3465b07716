#include "redis/connection.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <csignal>
#include <random>

#include "loop/task_scope.h"
#include "loop/timeout.h"
#include "support/redis_server.h"
#include "support/run_task.h"

namespace tidings::redis {
namespace {

using test::run_task;
using testing::HasSubstr;

struct ConnectionTest : testing::Test {
  static void SetUpTestSuite() {
    std::signal(SIGPIPE, SIG_IGN);
    server = new test::RedisServer();
  }
  static void TearDownTestSuite() { delete server; }

  Options options_for(std::string url) {
    Options options;
    options.url = std::move(url);
    return options;
  }
  Result<Reply> ask(Connection& connection, Command command) {
    return run_task(context, connection.command(std::move(command)));
  }

  static inline test::RedisServer* server = nullptr;
  asio::io_context context;
};

TEST_F(ConnectionTest, a_command_gets_its_reply_over_tcp_and_unix) {
  for (const auto& url : {server->url(), server->unix_url(), fmt::format("redis://localhost:{}/2", server->port())}) {
    Connection connection(context.get_executor(), options_for(url), Log());
    const auto connected = run_task(context, connection.connect());
    ASSERT_TRUE(connected) << connected.error().message();
    const std::string bytes("a\0%s\r\n\xff", 7);
    EXPECT_EQ(ask(connection, {"SET", "key", bytes})->text, "OK");
    EXPECT_EQ(ask(connection, {"GET", "key"})->text, bytes);
    EXPECT_EQ(ask(connection, {"GET", "none"})->type, Reply::Type::nil);
    EXPECT_EQ(ask(connection, {"STRLEN", "key"})->integer, 7);
    EXPECT_EQ(ask(connection, {"NONSENSE"})->word(), "ERR");
    EXPECT_EQ(ask(connection, {"MGET", "key", "none"})->elements.size(), 2u);
    EXPECT_EQ(ask(connection, {"CLIENT", "GETNAME"})->text, "tidings");
  }
}

Task<> pipeline(Connection& connection, int count) {
  std::vector<Call> calls;
  for (int i = 0; i < count; ++i) {
    const Command echo{"ECHO", std::to_string(i)};
    calls.push_back(connection.start(echo));
  }
  for (int i = 0; i < count; ++i) {
    const auto reply = co_await calls[static_cast<std::size_t>(i)].reply();
    EXPECT_EQ(reply->text, std::to_string(i));
  }
}

TEST_F(ConnectionTest, pipelined_replies_come_in_order) {
  Connection connection(context.get_executor(), options_for(server->url()), Log());
  ASSERT_TRUE(run_task(context, connection.connect()));
  run_task(context, pipeline(connection, 1000));
}

TEST_F(ConnectionTest, a_full_pipeline_and_a_missing_connection_are_errors) {
  auto options = options_for(server->url());
  options.max_pipeline = 4;
  Connection connection(context.get_executor(), options, Log());
  EXPECT_EQ(ask(connection, {"PING"}).error().code(), Errc::network);
  ASSERT_TRUE(run_task(context, connection.connect()));
  std::vector<Call> calls;
  for (int i = 0; i < 5; ++i) calls.push_back(connection.start({"PING"}));
  EXPECT_EQ(run_task(context, calls[4].reply()).error().code(), Errc::too_large);
  EXPECT_EQ(run_task(context, calls[3].reply())->text, "PONG");
}

TEST_F(ConnectionTest, connecting_to_nothing_is_a_network_error) {
  for (const auto& url : {std::string("redis://127.0.0.1:1/0"), std::string("unix:/nowhere/redis.sock"),
                          std::string("redis://no-such-host.invalid/0")}) {
    Connection connection(context.get_executor(), options_for(url), Log());
    const auto connected = run_task(context, connection.connect());
    ASSERT_FALSE(connected) << url;
    EXPECT_EQ(connected.error().code(), Errc::network) << connected.error().message();
    EXPECT_FALSE(connection.connected());
  }
}

TEST_F(ConnectionTest, a_wrong_password_is_refused_and_not_told) {
  Connection connection(context.get_executor(), options_for(fmt::format("redis://u:hush@127.0.0.1:{}", server->port())), Log());
  const auto connected = run_task(context, connection.connect());
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().code(), Errc::refused);
  EXPECT_THAT(connected.error().message(), Not(HasSubstr("hush")));
}

TEST_F(ConnectionTest, a_silent_server_times_out_and_the_connection_ends) {
  auto options = options_for(server->url());
  options.command_timeout = Millis(50);
  options.connect_timeout = Millis(50);
  Connection connection(context.get_executor(), options, Log());
  ASSERT_TRUE(run_task(context, connection.connect()));
  server->freeze();
  Call first = connection.start({"PING"});
  Call second = connection.start({"PING"});
  EXPECT_EQ(run_task(context, first.reply()).error().code(), Errc::timeout);
  EXPECT_EQ(run_task(context, second.reply()).error().code(), Errc::timeout);
  EXPECT_FALSE(connection.connected());
  const auto again = run_task(context, connection.connect());
  server->thaw();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Errc::timeout);
  options.connect_timeout = Millis(5000);
  Connection after(context.get_executor(), options, Log());
  EXPECT_TRUE(run_task(context, after.connect()));
}

TEST_F(ConnectionTest, a_killed_server_ends_what_is_in_flight_and_the_next_connect_works) {
  test::RedisServer own;
  Connection connection(context.get_executor(), options_for(own.url()), Log());
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(run_task(context, connection.connect()));
    own.freeze();
    std::vector<Call> calls;
    for (int i = 0; i < 100; ++i) calls.push_back(connection.start({"PING"}));
    own.kill();
    for (auto& call : calls) EXPECT_EQ(run_task(context, call.reply()).error().code(), Errc::network);
    EXPECT_FALSE(connection.connected());
    own.start();
  }
}

TEST_F(ConnectionTest, an_unasked_error_is_a_lost_connection) {
  test::RedisServer small({"--maxclients", "1"});
  Connection first(context.get_executor(), options_for(small.url()), Log());
  ASSERT_TRUE(run_task(context, first.connect()));
  Connection second(context.get_executor(), options_for(small.url()), Log());
  EXPECT_FALSE(run_task(context, second.connect()));
  EXPECT_EQ(ask(first, {"PING"})->text, "PONG");
}

Task<> keep_asking(Connection& connection, std::uint64_t& replies) {
  for (;;) {
    if (!connection.connected()) {
      const auto connected = co_await connection.connect();
      if (!connected) co_await loop::sleep_for(Millis(1));
      continue;
    }
    std::vector<Call> calls;
    for (int i = 0; i < 10; ++i) calls.push_back(connection.start({"PING"}));
    for (auto& call : calls) {
      const auto reply = co_await call.reply();
      if (reply) ++replies;
    }
  }
}

Task<> disturb(Connection& connection, std::uint64_t& replies, unsigned seed) {
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    const auto before = replies;
    while (replies < before + random() % 40) co_await loop::sleep_for(Millis(0));
    switch (random() % 3) {
      case 0:
        ConnectionTest::server->command({"CLIENT", "KILL", "TYPE", "normal"});
        break;
      case 1:
        connection.close();
        break;
      default:
        connection.start({"QUIT"});
    }
  }
}

Task<> stress(asio::any_io_executor executor, unsigned seed, Options options) {
  loop::TaskScope scope(executor, Log());
  Connection connection(executor, options, Log());
  std::uint64_t replies = 0;
  scope.spawn("ask", keep_asking(connection, replies));
  co_await disturb(connection, replies, seed);
  scope.stop();
  co_await scope.join();
  EXPECT_GT(replies, 0u);
}

TEST_F(ConnectionTest, survives_kills_closes_and_stops_at_any_moment) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    run_task(context, stress(context.get_executor(), seed, options_for(seed % 2 == 0 ? server->url() : server->unix_url())));
  }
}

TEST_F(ConnectionTest, can_go_while_commands_and_a_connect_are_pending) {
  for (int round = 0; round < 20; ++round) {
    asio::io_context own;
    Connection connected(own.get_executor(), options_for(server->url()), Log());
    ASSERT_TRUE(run_task(own, connected.connect()));
    for (int i = 0; i < 10; ++i) connected.start({"PING"});
    Connection connecting(own.get_executor(), options_for(server->url()), Log());
    loop::TaskScope scope(own.get_executor(), Log());
    struct Connect {
      static Task<> run(Connection& c) { static_cast<void>(co_await c.connect()); }
    };
    scope.spawn("connect", Connect::run(connecting));
    own.restart();
    for (int i = 0; i < round; ++i) own.poll_one();
    scope.stop();
    run_task(own, scope.join());
  }
}

}  // namespace
}  // namespace tidings::redis
