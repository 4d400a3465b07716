#include "alert/hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

#include "alert/watch.h"
#include "support/http_server.h"
#include "support/run_task.h"
#include "support/temp_folder.h"

namespace tidings::alert {
namespace {

using model::DeliveryState;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

// A real store, HTTP client and server; deliveries are committed as ingest does.
class HooksTest : public testing::Test {
 protected:
  void SetUp() override {
    store::Options store_options;
    store_options.path = folder / "store.db";
    auto opened = store::Store::open(context.get_executor(), store_options, Log(), metrics);
    ASSERT_TRUE(opened) << opened.error().message();
    store = std::move(*opened);
    http = std::make_unique<http::Client>(context, http::Options(), Log(), metrics);
    scope = std::make_unique<loop::TaskScope>(context.get_executor(), Log());
  }
  void TearDown() override {
    if (hooks) test::run_task(context, hooks->stop());
    scope->stop();
    test::run_task(context, scope->join());
    test::run_task(context, http->stop(Millis(0)));
    server.stop();
  }

  void start(std::vector<Hook> list) {
    hooks = std::make_unique<Hooks>(context.get_executor(), *store, *http, std::move(list), options, metrics, Log());
    scope->spawn("hooks", hooks->run());
  }
  Hook webhook(std::string id) {
    Hook hook;
    hook.id = std::move(id);
    hook.url = server.url("/" + hook.id);
    hook.allow_private = true;
    return hook;
  }
  Hook shell(std::string id, std::string script) {
    Hook hook;
    hook.id = std::move(id);
    hook.kind = HookKind::exec;
    hook.command = {"/bin/sh", "-c", std::move(script)};
    return hook;
  }
  // One alert in the store, to be delivered to these hooks.
  void alert(const std::string& id, const std::vector<std::string>& to, std::uint32_t attempts = 0) {
    store::Batch batch;
    batch.outbox.push_back({std::string(kAlertStream), id, {{"id", id}}});
    for (const auto& hook : to) {
      model::Delivery delivery;
      delivery.hook_id = hook;
      delivery.alert_id = id;
      delivery.payload = "{\"alert\":\"" + id + "\"}";
      delivery.attempts = attempts;
      delivery.next_at = system_now();
      batch.deliveries.push_back(std::move(delivery));
    }
    ASSERT_TRUE(test::run_task(context, store->commit(std::move(batch))));
  }
  // Newest first, as the store has them.
  std::vector<model::Delivery> stored() { return *(*store::Reader::open(folder / "store.db"))->deliveries(1000); }
  std::size_t stored(DeliveryState state) {
    const auto all = stored();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& d) { return d.state == state; }));
  }
  // Turns the loop until it is so; false where that takes more than 20 s.
  bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      context.restart();
      context.run_for(milliseconds(5));
    }
    return true;
  }

  test::TempFolder folder;
  test::HttpServer server;
  asio::io_context context;
  Metrics metrics;
  Options options;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<http::Client> http;
  std::unique_ptr<loop::TaskScope> scope;
  std::unique_ptr<Hooks> hooks;
};

TEST_F(HooksTest, a_webhook_gets_the_payload_signed_once) {
  server.answer("/desk", {204, "", {}});
  Hook hook = webhook("desk");
  hook.secrets = {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
  hook.headers = {{"X-Desk", "night"}};
  start({hook});
  alert("a1", {"desk"});
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::delivered) == 1; }));
  const auto seen = server.seen("/desk");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].body, "{\"alert\":\"a1\"}");
  EXPECT_EQ(seen[0].header("content-type"), "application/json");
  EXPECT_EQ(seen[0].header("webhook-id"), "a1");
  EXPECT_THAT(seen[0].header("webhook-signature"), StartsWith("v1,"));
  EXPECT_EQ(seen[0].header("x-desk"), "night");
  EXPECT_EQ(stored()[0].attempts, 1u);
  EXPECT_THAT(metrics.render(), HasSubstr("tidings_deliveries_total{hook=\"desk\",outcome=\"delivered\"} 1"));
}

TEST_F(HooksTest, a_failure_waits_in_the_store_and_is_tried_again_after_a_restart) {
  server.answer("/desk", {503, "", {{"Retry-After", "3600"}}});
  start({webhook("desk")});
  alert("a1", {"desk"});
  ASSERT_TRUE(eventually([&] { return stored()[0].attempts == 1; }));
  const auto waiting = stored()[0];
  EXPECT_EQ(waiting.state, DeliveryState::pending);
  EXPECT_EQ(waiting.last_error, "HTTP 503");
  EXPECT_GT(waiting.next_at, system_now() + std::chrono::minutes(50)) << "Retry-After";

  // As if an hour had passed, with the daemon away.
  test::run_task(context, hooks->stop());
  hooks.reset();
  store::Batch batch;
  batch.deliveries = {waiting};
  batch.deliveries[0].next_at = system_now();
  ASSERT_TRUE(test::run_task(context, store->commit(std::move(batch))));
  server.answer("/desk", {200, "fine", {}});
  start({webhook("desk")});
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::delivered) == 1; }));
  EXPECT_EQ(stored()[0].attempts, 2u);
  EXPECT_EQ(server.seen("/desk")[1].header("webhook-id"), "a1") << "the receiver can tell that it is the same";
}

TEST_F(HooksTest, the_tenth_failure_ends_it) {
  server.answer("/desk", {500, "", {}});
  start({webhook("desk")});
  alert("a1", {"desk"}, kMaxAttempts - 1);
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::abandoned) == 1; }));
  EXPECT_EQ(stored()[0].last_error, "HTTP 500");
}

TEST_F(HooksTest, a_redirect_is_a_failure) {
  server.answer("/desk", {302, "", {{"Location", server.url("/other")}}});
  server.answer("/other", {200, "", {}});
  start({webhook("desk")});
  alert("a1", {"desk"});
  ASSERT_TRUE(eventually([&] { return stored()[0].attempts == 1; }));
  EXPECT_EQ(stored()[0].last_error, "HTTP 302: redirects of webhooks are not followed");
  EXPECT_EQ(server.requests("/other"), 0u);
}

TEST_F(HooksTest, no_answer_is_a_failure_that_says_why) {
  Hook hook = webhook("desk");
  hook.url = "http://127.0.0.1:1/";
  start({hook});
  alert("a1", {"desk"});
  ASSERT_TRUE(eventually([&] { return stored()[0].attempts == 1; }));
  EXPECT_THAT(stored()[0].last_error, HasSubstr("127.0.0.1"));
}

TEST_F(HooksTest, a_private_address_is_refused_unless_the_hook_allows_it) {
  server.answer("/desk", {204, "", {}});
  Hook hook = webhook("desk");
  hook.allow_private = false;
  start({hook});
  alert("a1", {"desk"});
  ASSERT_TRUE(eventually([&] { return stored()[0].attempts == 1; }));
  EXPECT_EQ(server.requests(), 0u);
}

TEST_F(HooksTest, gone_ends_the_hook_until_the_configuration_is_read_again) {
  server.answer("/desk", {410, "", {}});
  start({webhook("desk")});
  alert("a1", {"desk"});
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::abandoned) == 1; }));
  alert("a2", {"desk"});
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::abandoned) == 2; }));
  EXPECT_EQ(server.requests("/desk"), 1u);

  server.answer("/desk", {204, "", {}});
  hooks->replace({webhook("desk")});
  alert("a3", {"desk"});
  EXPECT_TRUE(eventually([&] { return stored(DeliveryState::delivered) == 1; }));
}

TEST_F(HooksTest, deliveries_to_a_hook_that_is_no_more_are_abandoned) {
  alert("a1", {"gone"});
  start({});
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::abandoned) == 1; }));
  EXPECT_EQ(stored()[0].last_error, "the configuration has no such hook");
}

TEST_F(HooksTest, a_program_gets_the_payload_on_its_standard_input) {
  start({shell("log", "cat > " + (folder / "out") + "; echo $TIDINGS_ALERT $TIDINGS_HOOK >> " + (folder / "out"))});
  alert("a1", {"log"});
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::delivered) == 1; }));
  std::ifstream file(folder / "out");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "{\"alert\":\"a1\"}a1 log\n");
}

TEST_F(HooksTest, a_program_that_fails_is_quoted) {
  start({shell("log", "echo no such channel >&2; exit 7")});
  alert("a1", {"log"});
  ASSERT_TRUE(eventually([&] { return stored()[0].attempts == 1; }));
  EXPECT_EQ(stored()[0].last_error, "/bin/sh ended with 7: no such channel");
}

TEST_F(HooksTest, a_hook_gets_its_alerts_in_order_and_one_at_a_time) {
  server.answer("/desk", {204, "", {}});
  start({webhook("desk")});
  for (int i = 0; i < 30; ++i) alert("a" + std::to_string(i), {"desk"});
  ASSERT_TRUE(eventually([&] { return stored(DeliveryState::delivered) == 30; }));
  const auto seen = server.seen("/desk");
  ASSERT_EQ(seen.size(), 30u);
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i].header("webhook-id"), "a" + std::to_string(i));
  EXPECT_EQ(server.peak_concurrency(), 1u);
}

TEST_F(HooksTest, a_hook_that_hangs_with_a_long_queue_does_not_hold_the_others) {
  test::Gate gate(server);
  server.handle("/slow", [&](const test::HttpRequest&, test::HttpConnection& connection) {
    gate.wait();
    connection.send({204, "", {}});
  });
  server.answer("/desk", {204, "", {}});
  for (int i = 0; i < 400; ++i) alert("s" + std::to_string(i), {"slow"});
  alert("a1", {"desk"});
  start({webhook("slow"), webhook("desk")});
  EXPECT_TRUE(eventually([&] { return server.requests("/desk") == 1; }));
  gate.open();
}

TEST_F(HooksTest, a_stop_lets_attempts_end_within_the_drain_time) {
  test::Gate gate(server);
  server.handle("/desk", [&](const test::HttpRequest&, test::HttpConnection& connection) {
    gate.wait();
    connection.send({204, "", {}});
  });
  start({webhook("desk")});
  alert("a1", {"desk"});
  alert("a2", {"desk"});
  ASSERT_TRUE(eventually([&] { return server.requests("/desk") == 1; }));
  gate.open();
  test::run_task(context, hooks->stop());
  EXPECT_EQ(stored(DeliveryState::delivered), 1u);
  EXPECT_EQ(stored(DeliveryState::pending), 1u) << "nothing new was begun";
}

TEST_F(HooksTest, what_a_stop_cuts_off_is_no_failure_of_the_receiver) {
  options.drain_timeout = milliseconds(20);
  test::Gate gate(server);
  server.handle("/desk", [&](const test::HttpRequest&, test::HttpConnection&) { gate.wait(); });
  start({webhook("desk"), shell("log", "sleep 1000")});
  alert("a1", {"desk", "log"});
  ASSERT_TRUE(eventually([&] { return server.requests("/desk") == 1 && hooks->in_flight() == 2; }));
  test::run_task(context, hooks->stop());
  EXPECT_EQ(hooks->in_flight(), 0u);
  for (const auto& delivery : stored()) {
    EXPECT_EQ(delivery.state, DeliveryState::pending);
    EXPECT_EQ(delivery.attempts, 0u);
  }
  gate.open();
}

}  // namespace
}  // namespace tidings::alert
