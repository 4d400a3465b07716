#include "http/resolver.h"

#include <gmock/gmock.h>

#include "client_fixture.h"
#include "support/name_server.h"

namespace tidings::http {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

struct ResolverTest : testing::Test {
  ResolverTest() {
    options.name_servers = {server.address()};
    resolver.emplace(context, options, metrics, [this] { return now; });
  }
  Result<std::vector<std::string>> resolve(std::string name) { return run(context, resolver->resolve(std::move(name))); }

  test::NameServer server;
  asio::io_context context;
  Metrics metrics;
  Options options;
  std::chrono::steady_clock::time_point now{};
  std::optional<Resolver> resolver;
};

TEST_F(ResolverTest, gives_all_addresses_of_a_name) {
  server.set("news.test", {"192.0.2.1", "192.0.2.2", "2001:db8::1"}, 300);
  const auto found = resolve("news.test");
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_THAT(*found, UnorderedElementsAre("192.0.2.1", "192.0.2.2", "2001:db8::1"));
}

TEST_F(ResolverTest, an_answer_holds_for_as_long_as_its_records_say) {
  server.set("news.test", {"192.0.2.1"}, 300);
  ASSERT_TRUE(resolve("news.test"));
  const unsigned asked = server.asked("news.test");
  server.set("news.test", {"192.0.2.9"}, 300);
  now += seconds(299);
  EXPECT_THAT(*resolve("news.test"), ElementsAre("192.0.2.1"));
  EXPECT_EQ(server.asked("news.test"), asked);
  now += seconds(2);
  EXPECT_THAT(*resolve("news.test"), ElementsAre("192.0.2.9"));
  EXPECT_EQ(metrics.counter("tidings_dns_lookups_total", "").value(), 2u);
  EXPECT_EQ(metrics.counter("tidings_dns_cached_total", "").value(), 1u);
}

TEST_F(ResolverTest, a_name_that_is_not_there_is_told_and_asked_for_again) {
  const auto missing = resolve("missing.test");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Errc::network);
  EXPECT_EQ(missing.error().message(), "the name missing.test cannot be resolved");
  server.set("empty.test", {}, 300);
  EXPECT_FALSE(resolve("empty.test"));
  server.set("missing.test", {"192.0.2.1"}, 300);
  EXPECT_TRUE(resolve("missing.test"));
  EXPECT_EQ(metrics.counter("tidings_dns_failures_total", "").value(), 2u);
}

Task<> ask(Resolver& resolver, std::string name, int& found) {
  const auto addresses = co_await resolver.resolve(std::move(name));
  if (addresses) ++found;
}

Task<> ask_together(Resolver& resolver, int count, int& found) {
  loop::TaskScope scope(co_await asio::this_coro::executor, Log());
  for (int i = 0; i < count; ++i) scope.spawn("ask", ask(resolver, "news.test", found));
  co_await scope.join();
}

TEST_F(ResolverTest, those_who_ask_at_the_same_time_share_a_look_up) {
  server.set("news.test", {"192.0.2.1"}, 300);
  int found = 0;
  run(context, ask_together(*resolver, 10, found));
  EXPECT_EQ(found, 10);
  EXPECT_EQ(server.asked("news.test"), 2u) << "once for each kind of address";
}

TEST_F(ResolverTest, localhost_is_known_without_a_server) {
  const auto found = resolve("localhost");
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_THAT(*found, testing::Each(testing::AnyOf("127.0.0.1", "::1")));
  EXPECT_EQ(server.asked("localhost"), 0u);
}

struct NamedFetch : ClientTest {
  NamedFetch() {
    options_.lookup = Lookup::dns;
    options_.name_servers = {names.address()};
    options_.allowed_ports = {};
  }
  Result<Response> fetch_from(const std::string& name) {
    Request request;
    request.url = server_.url("/feed", name);
    return fetch(std::move(request));
  }
  test::NameServer names;
};

TEST_F(NamedFetch, goes_to_the_address_that_the_name_has_now) {
  names.set("news.test", {"127.0.0.1"}, 300);
  server_.answer("/feed", {200, "news", {}});
  const auto response = fetch_from("news.test");
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body.view(), "news");
  EXPECT_GT(response->timings.dns.count(), 0);
}

TEST_F(NamedFetch, follows_a_redirect_to_another_name) {
  names.set("old.test", {"127.0.0.1"}, 300);
  names.set("new.test", {"127.0.0.1"}, 300);
  server_.answer("/old", {302, "", {{"Location", server_.url("/feed", "new.test")}}});
  server_.answer("/feed", {200, "news", {}});
  Request request;
  request.url = server_.url("/old", "old.test");
  const auto response = fetch(std::move(request));
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->url, server_.url("/feed", "new.test"));
}

TEST_F(NamedFetch, tries_the_next_address_where_nobody_listens_at_the_first) {
  names.set("news.test", {"::1", "127.0.0.1"}, 300);
  server_.answer("/feed", {200, "news", {}});
  const auto response = fetch_from("news.test");
  EXPECT_TRUE(response) << response.error().message();
}

TEST_F(NamedFetch, a_name_of_a_private_address_is_refused) {
  options_.allow_private = false;
  names.set("inside.test", {"127.0.0.1"}, 300);
  const auto error = error_of(fetch_from("inside.test"));
  EXPECT_EQ(error.code(), Errc::refused);
  EXPECT_THAT(error.message(), HasSubstr("its address is not public"));
  EXPECT_EQ(server_.connections(), 0u);
}

TEST_F(NamedFetch, a_name_that_is_not_there_is_told) {
  const auto error = error_of(fetch_from("missing.test"));
  EXPECT_EQ(error.code(), Errc::network);
  EXPECT_THAT(error.message(), HasSubstr("the name missing.test cannot be resolved"));
}

TEST_F(NamedFetch, a_name_server_that_is_silent_holds_nobody_up) {
  names.silence();
  options_.timeout = Millis(50);
  const auto error = error_of(fetch_from("news.test"));
  EXPECT_EQ(error.code(), Errc::timeout);
  EXPECT_THAT(error.message(), HasSubstr("looking up the name"));
}

Task<> fetch_and_stop(Client& client, Request request, std::optional<Result<Response>>& result) {
  loop::TaskScope scope(co_await asio::this_coro::executor, Log());
  scope.spawn("fetch", keep(client.fetch(std::move(request)), result));
  co_await client.stop(Millis(0));
  co_await scope.join();
}

TEST_F(NamedFetch, a_stop_ends_look_ups_at_once) {
  names.silence();
  Request request;
  request.url = server_.url("/feed", "news.test");
  std::optional<Result<Response>> result;
  run(context_, fetch_and_stop(client(), std::move(request), result));
  client_.reset();
  ASSERT_TRUE(result);
  EXPECT_EQ(error_of(*result).code(), Errc::cancelled);
}

}  // namespace
}  // namespace tidings::http
