#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alert/retry.h"
#include "alert/signature.h"
#include "alert/story_gate.h"

namespace tidings::alert {
namespace {

using std::chrono::hours;
const Time kNow = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));

TEST(Signature, the_test_vector_of_the_specification) {
  const auto key = decode_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key);
  const auto headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", Time(Seconds(1614265330)), R"({"test": 2432232314})", {*key});
  EXPECT_THAT(headers, testing::ElementsAre(testing::Pair("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), testing::Pair("webhook-timestamp", "1614265330"),
                                            testing::Pair("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
}

TEST(Signature, two_keys_give_two_signatures_and_none_gives_none) {
  const auto old_key = std::string(24, 'a');
  const auto new_key = std::string(24, 'b');
  const auto one = signed_headers("id", kNow, "x", {old_key}).back().second;
  const auto two = signed_headers("id", kNow, "x", {new_key}).back().second;
  EXPECT_EQ(signed_headers("id", kNow, "x", {old_key, new_key}).back().second, one + " " + two);
  EXPECT_EQ(signed_headers("id", kNow, "x", {}).size(), 2u);
}

TEST(Signature, secrets_of_the_wrong_kind_or_size_are_refused) {
  EXPECT_FALSE(decode_secret(""));
  EXPECT_FALSE(decode_secret("whsec_"));
  EXPECT_FALSE(decode_secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
  EXPECT_FALSE(decode_secret("whsec_!!!!"));
  EXPECT_FALSE(decode_secret("whsec_c2hvcnQ="));
  EXPECT_EQ(decode_secret("whsec_" + std::string(32, 'A') + "AA==")->size(), 25u);
}

model::Delivery delivery(std::uint32_t attempts) {
  model::Delivery d;
  d.alert_id = "urn:tidings:alert:1";
  d.hook_id = "phone";
  d.attempts = attempts;
  return d;
}

TEST(Retry, ten_attempts_over_three_days) {
  Time now = kNow;
  for (std::uint32_t made = 1; made < kMaxAttempts; ++made) {
    const RetryDecision decision = decide(delivery(made), {500, {}, {}}, now);
    ASSERT_EQ(decision.outcome, Outcome::retry);
    EXPECT_EQ(decision.reason, "HTTP 500");
    now = decision.at;
  }
  EXPECT_GE(now - kNow, hours(75));
  EXPECT_LE(now - kNow, hours(84));
  EXPECT_EQ(decide(delivery(kMaxAttempts), {500, {}, {}}, now).outcome, Outcome::abandon);
}

TEST(Retry, success_is_2xx_alone) {
  EXPECT_EQ(decide(delivery(1), {204, {}, {}}, kNow).outcome, Outcome::delivered);
  EXPECT_EQ(decide(delivery(1), {302, {}, {}}, kNow).outcome, Outcome::retry);
  EXPECT_EQ(decide(delivery(1), {404, {}, {}}, kNow).outcome, Outcome::retry);
  EXPECT_EQ(decide(delivery(1), {0, "connection refused", {}}, kNow).reason, "connection refused");
  EXPECT_EQ(decide(delivery(1), {410, {}, {}}, kNow).outcome, Outcome::disable);
}

TEST(Retry, retry_after_makes_the_wait_longer_never_shorter) {
  EXPECT_EQ(decide(delivery(1), {429, {}, Seconds(3600)}, kNow).at, kNow + hours(1));
  EXPECT_GE(decide(delivery(4), {503, {}, Seconds(1)}, kNow).at, kNow + hours(2));
  EXPECT_LE(decide(delivery(1), {503, {}, Seconds(1 << 30)}, kNow).at, kNow + hours(24));
  EXPECT_EQ(decide(delivery(2), {500, {}, {}}, kNow).at, decide(delivery(2), {500, {}, {}}, kNow).at);
}

TEST(StoryGate, one_alert_a_story_and_rule) {
  StoryGate gate(100);
  model::Rule once;
  once.id = "once";
  EXPECT_TRUE(gate.pass(once, "s1", kNow));
  EXPECT_FALSE(gate.pass(once, "s1", kNow + hours(1)));
  EXPECT_TRUE(gate.pass(once, "s2", kNow));
  EXPECT_TRUE(gate.pass(once, "", kNow));
  EXPECT_TRUE(gate.pass(once, "", kNow)) << "items without a story stand alone";
  model::Rule each = once;
  each.id = "each";
  each.once_per_story = false;
  EXPECT_TRUE(gate.pass(each, "s1", kNow));
  EXPECT_TRUE(gate.pass(each, "s1", kNow));
}

TEST(StoryGate, a_throttled_alert_does_not_use_up_its_story) {
  StoryGate gate(100);
  model::Rule slow;
  slow.id = "slow";
  slow.throttle = hours(1);
  EXPECT_TRUE(gate.pass(slow, "s1", kNow));
  EXPECT_FALSE(gate.pass(slow, "s2", kNow + std::chrono::minutes(59)));
  EXPECT_TRUE(gate.pass(slow, "s2", kNow + hours(1)));
}

TEST(StoryGate, forgets_the_oldest_and_is_restored_from_alerts) {
  StoryGate gate(2);
  model::Rule once;
  once.id = "once";
  gate.restore("once", "s1", kNow);
  EXPECT_FALSE(gate.pass(once, "s1", kNow));
  EXPECT_TRUE(gate.pass(once, "s2", kNow));
  EXPECT_TRUE(gate.pass(once, "s3", kNow));
  EXPECT_EQ(gate.size(), 2u);
  EXPECT_TRUE(gate.pass(once, "s1", kNow));
}

}  // namespace
}  // namespace tidings::alert
