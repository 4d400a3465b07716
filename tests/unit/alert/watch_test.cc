#include "alert/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "support/run_task.h"
#include "support/temp_folder.h"

namespace tidings::alert {
namespace {

const Time kNow = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));

RuleIndex rules(model::Rule rule = {}) {
  rule.id = "ferries";
  rule.query = "ferry AND collision";
  rule.hooks = {"desk", "phone"};
  return *RuleIndex::build({rule});
}

model::Item item(std::string id, std::string title = "Ferry in collision") {
  model::Item made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.source_id = "wire";
  made.body_html = "<p>not for receivers</p>";
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

class WatchTest : public testing::Test {
 protected:
  Metrics metrics;
};

TEST_F(WatchTest, a_match_is_an_entry_of_the_stream_and_a_delivery_to_each_hook) {
  Watch watch(Options(), rules(), metrics);
  store::Batch batch;
  model::Item found = item("i1");
  found.body_text = std::string(5000, 'x');
  EXPECT_EQ(watch.look(found, verdict("s1"), kNow, batch), 1u);
  ASSERT_EQ(batch.outbox.size(), 1u);
  EXPECT_EQ(batch.outbox[0].stream, "alerts");
  EXPECT_EQ(field(batch.outbox[0], "rule"), "ferries");
  EXPECT_EQ(field(batch.outbox[0], "matched"), "ferry, collision");
  ASSERT_EQ(batch.deliveries.size(), 2u);
  EXPECT_EQ(batch.deliveries[0].hook_id, "desk");
  EXPECT_EQ(batch.deliveries[1].hook_id, "phone");
  EXPECT_EQ(batch.deliveries[1].next_at, kNow);
  const auto payload = json::parse(batch.deliveries[0].payload);
  ASSERT_TRUE(payload);
  EXPECT_EQ(payload->at("type"), "tidings.alert");
  const auto& sent = payload->at("data").at("item").as_object();
  EXPECT_EQ(sent.at("title"), "Ferry in collision");
  EXPECT_FALSE(sent.contains("body_html"));
  EXPECT_EQ(sent.at("body_text").as_string().size(), 4000u);
}

TEST_F(WatchTest, what_no_rule_wants_sets_nothing_off) {
  Watch watch(Options(), rules(), metrics);
  store::Batch batch;
  EXPECT_EQ(watch.look(item("i1", "Goats hold a roundabout"), verdict("s1"), kNow, batch), 0u);
  EXPECT_TRUE(batch.outbox.empty() && batch.deliveries.empty());
}

TEST_F(WatchTest, an_old_item_is_no_news) {
  Watch watch(Options(), rules(), metrics);
  store::Batch batch;
  model::Item old = item("i1");
  old.published = kNow - std::chrono::hours(100);
  EXPECT_EQ(watch.look(old, verdict("s1"), kNow, batch), 0u);
  old.updated = kNow - std::chrono::hours(1);
  EXPECT_EQ(watch.look(old, verdict("s1"), kNow, batch), 1u) << "but an old one that was updated is";
}

TEST_F(WatchTest, backfill_is_no_news_whatever_age_is_allowed) {
  Options any_age;
  any_age.max_item_age = Millis(0);
  Watch watch(any_age, rules(), metrics);
  store::Batch batch;
  model::Item old = item("i1");
  old.backfill = true;
  EXPECT_EQ(watch.look(old, verdict("s1"), kNow, batch), 0u);
  old.backfill = false;
  EXPECT_EQ(watch.look(old, verdict("s1"), kNow, batch), 1u);
}

TEST_F(WatchTest, a_story_has_one_alert_and_the_alert_one_id) {
  Watch watch(Options(), rules(), metrics);
  store::Batch batch;
  EXPECT_EQ(watch.look(item("i1"), verdict("s1"), kNow, batch), 1u);
  EXPECT_EQ(watch.look(item("i2"), verdict("s1"), kNow, batch), 0u);
  Watch replay(Options(), rules(), metrics);
  store::Batch again;
  EXPECT_EQ(replay.look(item("i2"), verdict("s1"), kNow + Seconds(9), again), 1u);
  EXPECT_EQ(again.outbox[0].key, batch.outbox[0].key) << "the store passes over the second delivery by this";
}

TEST_F(WatchTest, each_revision_alerts_where_a_rule_wants_every_item) {
  model::Rule every;
  every.once_per_story = false;
  Watch watch(Options(), rules(every), metrics);
  store::Batch batch;
  model::Verdict second = verdict("s1");
  second.kind = model::VerdictKind::update;
  second.rev = 2;
  EXPECT_EQ(watch.look(item("i1"), verdict("s1"), kNow, batch), 1u);
  EXPECT_EQ(watch.look(item("i1"), second, kNow, batch), 1u);
  EXPECT_NE(batch.outbox[0].key, batch.outbox[1].key);
}

TEST_F(WatchTest, stories_that_alerted_are_remembered_over_a_restart) {
  asio::io_context context;
  test::TempFolder folder;
  store::Options options;
  options.path = folder / "store.db";
  auto store = store::Store::open(context.get_executor(), options, Log(), metrics);
  ASSERT_TRUE(store) << store.error().message();
  Watch before(Options(), rules(), metrics);
  store::Batch batch;
  before.look(item("i1"), verdict("s1"), kNow, batch);
  ASSERT_TRUE(test::run_task(context, (*store)->commit(std::move(batch))));

  Watch after(Options(), rules(), metrics);
  test::run_task(context, after.restore(**store));
  store::Batch next;
  EXPECT_EQ(after.look(item("i2"), verdict("s1"), kNow, next), 0u);
  EXPECT_EQ(after.look(item("i3"), verdict("s2"), kNow, next), 1u);
}

}  // namespace
}  // namespace tidings::alert
