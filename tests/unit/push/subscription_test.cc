// Subscriptions with `now` passed in: what is asked when, and what the hub's questions are answered.
#include <gmock/gmock.h>

#include "push/followed.h"
#include "push/subscription.h"

namespace tidings::push {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

const Time kNow = from_micros(1'800'000'000'000'000);

Options options() {
  Options o;
  o.public_url = "https://us.example/base/";
  return o;
}

Draw counted() {
  return [n = 0]() mutable { return "drawn" + std::to_string(++n); };
}

Followed followed(Hints hints = {"http://a.example/f", {"http://h.example/"}, ""}) {
  Followed f;
  f.source_id = "wire";
  f.hints = std::move(hints);
  return f;
}

Form question(const char* mode, const char* lease = "864000") {
  return {{"hub.mode", mode}, {"hub.topic", "http://a.example/f"}, {"hub.challenge", "c"}, {"hub.lease_seconds", lease}};
}

// A subscription that a hub has confirmed.
Subscription active(const char* lease = "864000") {
  Followed f = followed();
  f.reconcile(true, kNow, options(), counted());
  Subscription s = f.subscriptions.at(0);
  s.taken(kNow, options());
  EXPECT_EQ(s.verify(question("subscribe", lease), kNow + seconds(1), options()), "c");
  return s;
}

TEST(SubscriptionTest, asks_as_the_recommendation_has_it) {
  Followed f = followed();
  EXPECT_TRUE(f.reconcile(true, kNow, options(), counted()));
  ASSERT_EQ(f.subscriptions.size(), 1U);
  const Subscription& s = f.subscriptions[0];
  const Form form = s.request(options());
  EXPECT_EQ(value_of(form, "hub.mode"), "subscribe");
  EXPECT_EQ(value_of(form, "hub.topic"), "http://a.example/f");
  EXPECT_EQ(value_of(form, "hub.callback"), "https://us.example/base/push/drawn1");
  EXPECT_EQ(value_of(form, "hub.secret"), "drawn2");
  EXPECT_EQ(value_of(form, "hub.lease_seconds"), "864000");
  EXPECT_TRUE(s.is_due(kNow));
  EXPECT_FALSE(s.is_up(kNow));
}

TEST(SubscriptionTest, is_up_from_the_hubs_question_to_the_end_of_the_lease) {
  const Subscription s = active();
  EXPECT_EQ(s.phase, Phase::active);
  EXPECT_TRUE(s.is_up(kNow + seconds(1)));
  EXPECT_FALSE(s.is_up(kNow + hours(240) + seconds(1)));
}

TEST(SubscriptionTest, is_renewed_well_before_the_lease_ends) {
  for (const char* lease : {"60", "3600", "864000"}) {
    Subscription s = active(lease);
    const auto length = *s.lease_end - (kNow + seconds(1));
    EXPECT_GE(s.next, kNow + length * 7 / 10);
    EXPECT_LE(s.next, kNow + length * 9 / 10);
    EXPECT_EQ(value_of(s.request(options()), "hub.mode"), "subscribe");
    const Time renewed = s.next;
    s.taken(renewed, options());
    EXPECT_TRUE(s.is_up(renewed));
    EXPECT_EQ(s.verify(question("subscribe", lease), renewed, options()), "c");
    EXPECT_EQ(*s.lease_end, renewed + length);
    EXPECT_EQ(s.up_since, kNow + seconds(1));
  }
}

TEST(SubscriptionTest, bounds_the_lease_that_a_hub_gives) {
  EXPECT_GE(active("1").next, kNow + seconds(5));
  EXPECT_LE(*active("99999999999").lease_end, kNow + hours(366 * 24) + seconds(1));
  for (const char* odd : {"", "-5", "0", "soon", "12x"}) EXPECT_EQ(*active(odd).lease_end, kNow + seconds(1) + options().lease) << odd;
}

TEST(SubscriptionTest, lapses_once_when_no_new_lease_comes) {
  Subscription s = active("3600");
  EXPECT_FALSE(s.lapse(kNow + minutes(59)));
  EXPECT_TRUE(s.lapse(kNow + minutes(61)));
  EXPECT_FALSE(s.lapse(kNow + minutes(61)));
  EXPECT_EQ(s.phase, Phase::wanted);
}

TEST(SubscriptionTest, a_failed_request_is_tried_again_ever_later) {
  Followed f = followed();
  f.reconcile(true, kNow, options(), counted());
  Subscription s = f.subscriptions[0];
  Millis last(0);
  for (int n = 0; n < 8; ++n) {
    s.failed(kNow, "it answered 503", options());
    const auto wait = std::chrono::round<Millis>(s.next - kNow);
    EXPECT_GT(wait, last);
    last = wait;
  }
  for (int n = 0; n < 20; ++n) s.failed(kNow, "it answered 503", options());
  EXPECT_LE(s.next, kNow + options().backoff_max * 12 / 10);
}

TEST(SubscriptionTest, a_renewal_that_fails_leaves_the_lease_as_it_is) {
  Subscription s = active();
  const auto end = s.lease_end;
  s.failed(s.next, "it answered 503", options());
  EXPECT_TRUE(s.is_up(s.next));
  EXPECT_EQ(s.lease_end, end);
}

TEST(SubscriptionTest, a_hub_that_never_asks_back_is_asked_again_ever_later) {
  Followed f = followed();
  f.reconcile(true, kNow, options(), counted());
  Subscription s = f.subscriptions[0];
  s.taken(kNow, options());
  EXPECT_EQ(s.phase, Phase::asked);
  EXPECT_EQ(s.next, kNow + options().verify_timeout);
  s.taken(s.next, options());
  EXPECT_EQ(s.next, kNow + 3 * options().verify_timeout);
}

TEST(SubscriptionTest, a_hub_that_asks_before_it_answers_is_understood) {
  Followed f = followed();
  f.reconcile(true, kNow, options(), counted());
  Subscription s = f.subscriptions[0];
  EXPECT_EQ(s.verify(question("subscribe"), kNow, options()), "c");
  const Time next = s.next;
  s.taken(kNow, options());
  EXPECT_EQ(s.phase, Phase::active);
  EXPECT_EQ(s.next, next);
}

TEST(SubscriptionTest, confirms_nothing_that_it_did_not_ask_for) {
  Subscription s = active();
  EXPECT_FALSE(s.verify(question("unsubscribe"), kNow, options()));
  Form other = question("subscribe");
  other[1].second = "http://a.example/other";
  EXPECT_FALSE(s.verify(other, kNow, options()));
  s.leave(kNow);
  EXPECT_FALSE(s.verify(question("subscribe"), kNow, options()));
}

TEST(SubscriptionTest, a_denial_is_kept_for_a_day) {
  Subscription s = active();
  Form denial = question("denied");
  denial.emplace_back("hub.reason", "no such plan");
  EXPECT_TRUE(s.denied(denial, kNow));
  EXPECT_FALSE(s.is_up(kNow));
  EXPECT_THAT(s.trouble, HasSubstr("no such plan"));
  EXPECT_EQ(s.next, kNow + hours(24));
  EXPECT_EQ(s.verify(question("subscribe"), kNow, options()), "c");
}

TEST(SubscriptionTest, leaves_when_the_hub_has_confirmed_it_or_never_does) {
  Subscription s = active();
  s.leave(kNow);
  EXPECT_EQ(value_of(s.request(options()), "hub.mode"), "unsubscribe");
  EXPECT_FALSE(s.is_over());
  EXPECT_EQ(s.verify(question("unsubscribe"), kNow, options()), "c");
  EXPECT_TRUE(s.is_over());
  Subscription silent = active();
  silent.leave(kNow);
  for (int n = 0; n < 5; ++n) silent.taken(silent.next, options());
  EXPECT_TRUE(silent.is_over());
}

TEST(SubscriptionTest, registers_at_a_cloud_and_again_each_day) {
  Followed f = followed({"http://a.example/f", {}, "http://c.example/notify"});
  Options plain = options();
  plain.public_url = "http://us.example:8080";
  f.reconcile(true, kNow, plain, counted());
  Subscription& s = f.subscriptions.at(0);
  EXPECT_EQ(s.kind, Kind::cloud);
  const Form form = s.request(plain);
  EXPECT_EQ(value_of(form, "domain"), "us.example");
  EXPECT_EQ(value_of(form, "port"), "8080");
  EXPECT_EQ(value_of(form, "path"), "/push/drawn1");
  EXPECT_EQ(value_of(form, "protocol"), "http-post");
  EXPECT_EQ(value_of(form, "url1"), "http://a.example/f");
  EXPECT_EQ(s.challenged({{"url", "http://a.example/f"}, {"challenge", "x"}}), "x");
  EXPECT_FALSE(s.challenged({{"url", "http://other.example/"}, {"challenge", "x"}}));
  s.taken(kNow, plain);
  EXPECT_TRUE(s.is_up(kNow + hours(24)));
  EXPECT_GE(s.next, kNow + hours(23));
  EXPECT_LE(s.next, kNow + hours(24));
}

TEST(SubscriptionTest, comes_back_from_the_store_as_it_was) {
  Subscription s = active();
  s.pings = 7;
  s.bad_signatures = 2;
  s.recall.brought({}, {1, 2, 3});
  const auto loaded = load_subscription(s.save());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(json::serialize(loaded->save()), json::serialize(s.save()));
  EXPECT_EQ(loaded->recall.hits(), 3);
  EXPECT_FALSE(load_subscription({{"phase", "active"}}));
}

TEST(FollowedTest, leaves_a_hub_that_is_no_longer_named_and_subscribes_to_the_new_one) {
  Followed f = followed();
  const Draw draw = counted();
  f.reconcile(true, kNow, options(), draw);
  EXPECT_FALSE(f.reconcile(true, kNow, options(), draw));
  f.subscriptions[0] = active();
  f.hints.hubs = {"http://new.example/"};
  EXPECT_TRUE(f.reconcile(true, kNow, options(), draw));
  ASSERT_EQ(f.subscriptions.size(), 2U);
  EXPECT_EQ(f.subscriptions[0].phase, Phase::leaving);
  EXPECT_EQ(f.subscriptions[1].hub, "http://new.example/");
  EXPECT_NE(f.subscriptions[1].token, f.subscriptions[0].token);
}

TEST(FollowedTest, wants_nothing_where_push_is_off) {
  Followed f = followed();
  EXPECT_FALSE(f.reconcile(false, kNow, options(), counted()));
  Options off;
  EXPECT_FALSE(f.reconcile(true, kNow, off, counted()));
  EXPECT_TRUE(f.subscriptions.empty());
}

TEST(FollowedTest, takes_no_more_hubs_than_allowed_and_a_cloud_only_without_one) {
  Followed f = followed({"http://a.example/f", {"http://1.example/", "http://2.example/", "http://3.example/", "http://4.example/"}, "http://c.example/"});
  f.reconcile(true, kNow, options(), counted());
  ASSERT_EQ(f.subscriptions.size(), 3U);
  for (const auto& s : f.subscriptions) EXPECT_EQ(s.kind, Kind::websub);
}

TEST(FollowedTest, holds_against_a_channel_only_what_came_while_it_was_up) {
  Followed f = followed();
  f.subscriptions = {active()};
  const Time up = kNow + seconds(1);
  f.polled = kNow;
  f.found({1, 2}, {1, 2}, up + minutes(1), options());  // may have come before it was up
  f.found({3}, {1, 2, 3}, up + minutes(2), options());
  f.found({}, {1, 2, 3}, up + minutes(20), options());
  EXPECT_EQ(f.subscriptions[0].recall.misses(), 1);
}

TEST(FollowedTest, credits_what_a_ping_had_polled) {
  Followed f = followed();
  f.subscriptions = {active()};
  f.polled = kNow;
  f.subscriptions[0].prompted = true;
  f.found({1, 2}, {1, 2}, kNow + minutes(1), options());
  EXPECT_EQ(f.subscriptions[0].recall.hits(), 2);
  f.found({3}, {1, 2, 3}, kNow + minutes(2), options());
  EXPECT_EQ(f.subscriptions[0].recall.hits(), 2);
}

TEST(FollowedTest, follows_the_best_channel_that_is_up) {
  Followed f = followed();
  f.subscriptions = {active(), active()};
  f.subscriptions[1].token = "other";
  EXPECT_LT(f.recall(kNow + minutes(1)), 0.1);
  std::vector<std::uint64_t> many;
  for (std::uint64_t n = 0; n < 100; ++n) many.push_back(n);
  const Subscription by = f.subscriptions[1];
  f.brought(by, many, many, kNow + minutes(1));
  EXPECT_GT(f.recall(kNow + minutes(1)), 0.9);
  EXPECT_EQ(f.recall(kNow + hours(1000)), 0);
}

TEST(FollowedTest, comes_back_from_the_store_as_it_was) {
  Followed f = followed({"http://a.example/f", {"http://h.example/"}, "http://c.example/"});
  f.subscriptions = {active()};
  f.polled = kNow;
  f.allow_private = true;
  const auto loaded = load_followed("wire", f.save());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->save(), f.save());
  EXPECT_EQ(loaded->hints, f.hints);
  for (const char* broken : {"", "[]", "{", "7"}) EXPECT_FALSE(load_followed("wire", broken)) << broken;
  EXPECT_TRUE(load_followed("wire", "{}")->subscriptions.empty());
}

}  // namespace
}  // namespace tidings::push
