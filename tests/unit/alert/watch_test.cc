#include "alert/watch.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace tidings::alert {
namespace {

const Time kNow = from_micros(1'800'000'000'000'000);

RuleIndex rules(bool once = true) {
  model::Rule rule;
  rule.id = "ferries";
  rule.query = "ferry AND collision";
  rule.hooks = {"desk", "log"};
  rule.once_per_story = once;
  auto built = RuleIndex::build({rule});
  EXPECT_TRUE(built.has_value());
  return std::move(*built);
}

model::Item item(std::string id, std::string title) {
  model::Item made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.source_id = "wire";
  return made;
}

model::Verdict verdict(std::string story) {
  model::Verdict made;
  made.story = std::move(story);
  return made;
}

std::string field(const store::OutboxEntry& entry, std::string_view name) {
  for (const auto& [key, value] : entry.fields) {
    if (key == name) return value;
  }
  return {};
}

TEST(Watch, a_match_is_an_entry_of_the_stream_and_a_delivery_to_each_hook) {
  Metrics metrics;
  Watch watch(rules(), Options(), metrics);
  store::Batch batch;
  watch.add_alerts(item("i1", "Ferry in collision"), verdict("s1"), kNow, batch);
  ASSERT_EQ(batch.outbox.size(), 1u);
  EXPECT_EQ(batch.outbox[0].stream, "alerts");
  EXPECT_EQ(field(batch.outbox[0], "rule"), "ferries");
  ASSERT_EQ(batch.deliveries.size(), 2u);
  EXPECT_EQ(batch.deliveries[0].hook_id, "desk");
  EXPECT_EQ(batch.deliveries[0].alert_id, batch.deliveries[1].alert_id);
  const auto body = json::parse(batch.deliveries[0].payload);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(body->at("type"), "tidings.alert");
  EXPECT_EQ(body->at("data").at("item").at("title"), "Ferry in collision");
}

TEST(Watch, what_no_rule_wants_sets_nothing_off) {
  Metrics metrics;
  Watch watch(rules(), Options(), metrics);
  store::Batch batch;
  watch.add_alerts(item("i1", "Goats hold a roundabout"), verdict("s1"), kNow, batch);
  EXPECT_TRUE(batch.outbox.empty());
  EXPECT_TRUE(batch.deliveries.empty());
}

TEST(Watch, a_story_alerts_once_also_after_a_restart) {
  Metrics metrics;
  Watch watch(rules(), Options(), metrics);
  store::Batch first;
  watch.add_alerts(item("i1", "Ferry in collision"), verdict("s1"), kNow, first);
  store::Batch second;
  watch.add_alerts(item("i2", "Collision: ferry damaged"), verdict("s1"), kNow, second);
  EXPECT_TRUE(second.outbox.empty());

  Watch restarted(rules(), Options(), metrics);
  restarted.restore(first.outbox[0].fields);
  store::Batch third;
  restarted.add_alerts(item("i3", "Ferry collision, day two"), verdict("s1"), kNow, third);
  EXPECT_TRUE(third.outbox.empty());
  restarted.add_alerts(item("i4", "Another ferry collision"), verdict("s2"), kNow, third);
  EXPECT_EQ(third.outbox.size(), 1u);
}

TEST(Watch, the_same_match_has_the_same_id) {
  Metrics metrics;
  Watch one(rules(), Options(), metrics);
  Watch other(rules(), Options(), metrics);
  store::Batch first;
  store::Batch second;
  one.add_alerts(item("i1", "Ferry in collision"), verdict("s1"), kNow, first);
  other.add_alerts(item("i1", "Ferry in collision"), verdict("s1"), kNow + Seconds(1), second);
  EXPECT_EQ(first.outbox[0].key, second.outbox[0].key);
}

}  // namespace
}  // namespace tidings::alert
