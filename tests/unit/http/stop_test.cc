// Cancel, time out and stop, again and again, under a time budget: races here show once in thousands.

#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <memory>
#include <random>

#include "client_fixture.h"

namespace tidings::http {
namespace {

using std::chrono::steady_clock;
using test::HttpAnswer;
using test::HttpConnection;
using test::HttpRequest;

using Tally = std::map<std::string, unsigned>;

Task<> fetch_and_count(Client& client, Request request, Tally& tally) {
  const auto response = co_await client.fetch(std::move(request));
  ++tally[response ? "ok" : std::string(name_of(response.error().code()))];
}

Task<> stream_and_count(Client& client, Request request, Tally& tally) {
  auto stream = co_await client.open(std::move(request));
  for (int reads = 0; stream && reads < 5; ++reads) {
    const auto chunk = co_await stream->read();
    if (!chunk || chunk->empty()) break;
    ++tally["chunk"];
  }
  ++tally["stream"];
}

Task<> join(loop::TaskScope& scope) { co_await scope.join(); }

class StopTest : public ClientTest {
 protected:
  StopTest() {
    options_.max_connections_per_host = 20;
    HttpAnswer answer;
    answer.body = std::string(5000, 'b');
    server_.answer("/quick", answer);
    server_.handle("/slow", [](const HttpRequest&, HttpConnection& connection) {
      connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n");
      connection.drip(std::string(60, 'd'), 10, Millis(2));
    });
    server_.handle("/never", [](const HttpRequest&, HttpConnection& connection) { connection.wait_closed(); });
    server_.handle("/reset", [](const HttpRequest&, HttpConnection& connection) { connection.reset(); });
    server_.answer("/moved", {302, "gone", {{"Location", "/quick"}}});
    server_.handle("/events", [](const HttpRequest&, HttpConnection& connection) {
      connection.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 20; ++i) connection.chunk("data: x\n\n");
      connection.wait_closed();
    });
  }

  Request random_request() {
    constexpr const char* kPaths[] = {"/quick", "/quick", "/slow", "/never", "/reset", "/moved"};
    Request request;
    request.url = server_.url(kPaths[random_() % std::size(kPaths)]);
    request.timeout = Millis(random_() % 16 == 0 ? 100 : 5);
    return request;
  }
  Request stream_request() {
    Request request;
    request.url = server_.url("/events");
    return request;
  }
  void turn(int times) {
    context_.restart();
    for (int i = 0; i < times && context_.run_one_for(Millis(1)) > 0; ++i) {
    }
  }

  std::mt19937 random_{20260301};
  Tally tally_;
};

TEST_F(StopTest, thousands_of_fetches_with_tight_time_limits) {
  constexpr unsigned kFetches = 3000;
  const auto budget = steady_clock::now() + std::chrono::seconds(20);
  unsigned begun = 0;
  while (begun < kFetches && steady_clock::now() < budget) {
    loop::TaskScope scope(context_.get_executor(), Log());
    for (int i = 0; i < 50; ++i, ++begun) scope.spawn("fetch", fetch_and_count(client(), random_request(), tally_));
    run(context_, join(scope));
  }
  unsigned ended = 0;
  for (const auto& [cause, count] : tally_) ended += count;
  EXPECT_EQ(ended, begun);
  EXPECT_GT(tally_["ok"], 0u);
  EXPECT_GT(tally_["timeout"], 0u);
  EXPECT_EQ(client().in_flight(), 0u);
  EXPECT_TRUE(get("/quick"));
}

TEST_F(StopTest, scopes_that_stop_at_any_moment) {
  const auto budget = steady_clock::now() + std::chrono::seconds(10);
  for (int round = 0; round < 100 && steady_clock::now() < budget; ++round) {
    loop::TaskScope scope(context_.get_executor(), Log());
    for (int i = 0; i < 20; ++i) scope.spawn("fetch", fetch_and_count(client(), random_request(), tally_));
    for (int i = 0; i < 3; ++i) scope.spawn("stream", stream_and_count(client(), stream_request(), tally_));
    turn(static_cast<int>(random_() % 150));
    scope.stop();
    run(context_, join(scope));
    EXPECT_EQ(client().in_flight(), 0u);
  }
  EXPECT_TRUE(get("/quick"));
}

TEST_F(StopTest, clients_that_stop_at_any_moment) {
  const auto budget = steady_clock::now() + std::chrono::seconds(10);
  for (int round = 0; round < 100 && steady_clock::now() < budget; ++round) {
    loop::TaskScope scope(context_.get_executor(), Log());
    auto one = std::make_unique<Client>(context_, options_, Log(), metrics_);
    for (int i = 0; i < 20; ++i) scope.spawn("fetch", fetch_and_count(*one, random_request(), tally_));
    scope.spawn("stream", stream_and_count(*one, stream_request(), tally_));
    turn(static_cast<int>(random_() % 100));
    run(context_, one->stop(Millis(random_() % 5)));
    EXPECT_EQ(one->in_flight(), 0u);
    run(context_, join(scope));
    one.reset();
    turn(10);  // completions that were queued when it went
  }
}

TEST_F(StopTest, the_grace_period_lets_running_fetches_end) {
  loop::TaskScope scope(context_.get_executor(), Log());
  test::Gate gate(server_);
  server_.handle("/held", [&](const HttpRequest&, HttpConnection& connection) {
    gate.wait();
    connection.send(HttpAnswer());
  });
  Request request;
  request.url = server_.url("/held");
  scope.spawn("fetch", fetch_and_count(client(), request, tally_));
  while (server_.requests("/held") == 0) turn(1);
  std::optional<bool> stopped;
  asio::co_spawn(context_, client().stop(std::chrono::minutes(5)), [&](std::exception_ptr) { stopped = true; });
  turn(5);
  EXPECT_FALSE(stopped);
  EXPECT_EQ(error_of(get("/quick")).code(), Errc::cancelled);
  gate.open();
  while (!stopped) turn(1);
  run(context_, join(scope));
  EXPECT_EQ(tally_["ok"], 1u);
}

TEST_F(StopTest, at_the_end_of_the_grace_period_the_rest_is_aborted) {
  loop::TaskScope scope(context_.get_executor(), Log());
  Request request;
  request.url = server_.url("/never");
  for (int i = 0; i < 3; ++i) scope.spawn("fetch", fetch_and_count(client(), request, tally_));
  ASSERT_NO_FATAL_FAILURE(turn(20));
  run(context_, client().stop(Millis(10)));
  run(context_, join(scope));
  EXPECT_EQ(tally_["cancelled"], 3u);
}

TEST_F(StopTest, connections_per_host_are_bounded) {
  options_.max_connections_per_host = 3;
  server_.answer("/quick", HttpAnswer());
  loop::TaskScope scope(context_.get_executor(), Log());
  for (int i = 0; i < 60; ++i) {
    Request request;
    request.url = server_.url("/quick");
    scope.spawn("fetch", fetch_and_count(client(), request, tally_));
  }
  run(context_, join(scope));
  EXPECT_EQ(tally_["ok"], 60u);
  EXPECT_LE(server_.connections(), 3u);
}

TEST_F(StopTest, a_fetch_that_waits_for_a_connection_has_its_time_limit) {
  options_.max_connections_per_host = 1;
  loop::TaskScope scope(context_.get_executor(), Log());
  Request never;
  never.url = server_.url("/never");
  never.timeout = std::chrono::minutes(5);
  scope.spawn("fetch", fetch_and_count(client(), never, tally_));
  while (server_.requests("/never") == 0) turn(1);
  Request request;
  request.url = server_.url("/quick");
  request.timeout = Millis(20);
  EXPECT_EQ(error_of(fetch(request)).code(), Errc::timeout);
  scope.stop();
  run(context_, join(scope));
  EXPECT_EQ(tally_["cancelled"], 1u);
}

}  // namespace
}  // namespace tidings::http
