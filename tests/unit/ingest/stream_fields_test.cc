#include "ingest/stream_fields.h"

#include <gmock/gmock.h>

#include "base/json.h"

namespace tidings::ingest {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;

const Time kNoon = from_micros(1'772'366'400'000'000);  // 2026-03-01T12:00:00Z

model::Item ferry() {
  model::Item item;
  item.id = "urn:tidings:item:00";
  item.source_id = "wire";
  item.title = "Ferry and barge collide";
  item.first_seen = item.fetched = kNoon;
  return item;
}

TEST(StreamFields, filters_stand_flat_and_the_whole_item_beside_them) {
  model::Item item = ferry();
  item.published = kNoon;
  model::Verdict verdict;
  verdict.simhash = 0xABCD;
  const Fields fields = stream_fields(item, verdict);
  EXPECT_THAT(fields, Contains(Pair("verdict", "new")));
  EXPECT_THAT(fields, Contains(Pair("rev", "1")));
  EXPECT_THAT(fields, Contains(Pair("published", "2026-03-01T12:00:00.000000Z")));
  EXPECT_THAT(fields, Contains(Pair("simhash", "000000000000abcd")));
  ASSERT_EQ(fields.back().first, "data");
  const auto data = json::parse(fields.back().second);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->as_object().at("title"), "Ferry and barge collide");
}

TEST(StreamFields, what_is_unknown_is_left_out) {
  const Fields fields = stream_fields(ferry(), {});
  for (const char* name : {"of", "story", "url", "lang", "published", "simhash"}) EXPECT_THAT(fields, Not(Contains(Key(name)))) << name;
}

TEST(StreamFields, a_source_event_says_what_and_when) {
  const Fields fields = stream_fields({"failing", "wire", "https://news.example/feed", "answered 404", kNoon});
  EXPECT_THAT(fields, Contains(Pair("event", "failing")));
  EXPECT_THAT(fields, Contains(Pair("source", "wire")));
  EXPECT_THAT(fields, Contains(Pair("detail", "answered 404")));
  EXPECT_THAT(fields, Contains(Pair("at", "2026-03-01T12:00:00.000000Z")));
}

TEST(StreamFields, a_gap_has_its_bounds) {
  SourceEvent event{"gap", "wire", "https://a.example/feed", "lost", from_micros(1'800'000'000'000'000)};
  event.after = from_micros(1'799'990'000'000'000);
  const Fields fields = stream_fields(event);
  const auto value = [&](std::string_view name) {
    for (const auto& [key, text] : fields) {
      if (key == name) return text;
    }
    return std::string();
  };
  EXPECT_EQ(value("after"), "2027-01-15T05:13:20.000000Z");
  EXPECT_EQ(value("before"), "") << "not known";
}

TEST(StreamFields, what_was_old_at_first_sight_is_marked) {
  model::Item item = ferry();
  EXPECT_THAT(stream_fields(item, {}), Not(Contains(Key("backfill"))));
  item.backfill = true;
  const Fields fields = stream_fields(item, {});
  EXPECT_THAT(fields, Contains(Pair("backfill", "true")));
  EXPECT_EQ(json::parse(fields.back().second)->as_object().at("backfill"), true);
}

TEST(StreamFields, a_source_event_counts_entries_where_it_has_any) {
  SourceEvent many{"backfill", "wire", "", "lists old entries", kNoon};
  many.entries = 600;
  EXPECT_THAT(stream_fields(many), Contains(Pair("entries", "600")));
  EXPECT_THAT(stream_fields({"failing", "wire", "", "answered 404", kNoon}), Not(Contains(Key("entries"))));
}

TEST(StreamFields, a_story_event_counts_its_outlets) {
  dedup::StoryEvent event;
  event.kind = dedup::StoryEvent::Kind::milestone;
  event.story = "urn:tidings:story:00";
  event.size = 4;
  event.outlets = 3;
  event.first_seen = event.at = kNoon;
  const Fields fields = stream_fields(event);
  EXPECT_THAT(fields, Contains(Pair("event", "milestone")));
  EXPECT_THAT(fields, Contains(Pair("outlets", "3")));
  EXPECT_THAT(fields, Not(Contains(Key("other"))));
}

}  // namespace
}  // namespace tidings::ingest
