#include "model/item_json.h"

#include <gtest/gtest.h>

namespace tidings::model {
namespace {

TEST(ItemJson, an_item_survives_the_way_there_and_back) {
  Item item;
  item.id = "urn:tidings:item:00";
  item.source_id = "wire";
  item.title = "Harbour \"reopens\"";
  item.published = from_rfc3339("2026-03-01T10:00:00.5+02:00");
  item.published_raw = "Sun, 01 Mar 2026 10:00:00 +0200";
  item.first_seen = from_micros(1772352000123456);
  item.fetched = item.first_seen;
  item.authors = {{"A. Writer", "", "https://example.org/a"}};
  Media sound;
  sound.url = "https://example.org/a.mp3";
  sound.length = 12;
  item.enclosures = {sound};
  Verdict verdict;
  verdict.kind = VerdictKind::update;
  verdict.rev = 3;
  verdict.of = "urn:tidings:item:01";
  verdict.simhash = 0xABCD;
  verdict.distance = 4;

  const auto read = item_from_json(to_json(item, verdict));
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(to_json(read->item, read->verdict), to_json(item, verdict));
  EXPECT_EQ(to_rfc3339(*read->item.published), "2026-03-01T08:00:00.500000Z");
  EXPECT_EQ(read->verdict.simhash, 0xABCDu);
}

TEST(ItemJson, what_is_unknown_is_absent) {
  Item item;
  item.id = "x";
  const auto object = to_json(item, Verdict());
  EXPECT_FALSE(object.contains("published"));
  EXPECT_FALSE(object.contains("lang"));
}

TEST(ItemJson, says_what_does_not_fit) {
  EXPECT_FALSE(item_from_json(json::object()).has_value());
  json::object odd{{"id", "x"}, {"verdict", "old"}};
  EXPECT_EQ(item_from_json(odd).error().message(), "item x has an unknown verdict 'old'");
}

TEST(Rfc3339, refuses_what_is_no_date) {
  EXPECT_FALSE(from_rfc3339("2026-13-01T00:00:00Z"));
  EXPECT_FALSE(from_rfc3339("yesterday"));
  EXPECT_EQ(to_rfc3339(*from_rfc3339("1969-12-31T23:59:59.25Z")), "1969-12-31T23:59:59.250000Z");
}

}  // namespace
}  // namespace tidings::model
