#include "ingest/extract.h"

#include <gmock/gmock.h>

namespace tidings::ingest {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const Time kFetched = from_micros(1'790'000'000'000'000);

model::Source wire() {
  model::Source source;
  source.id = "wire";
  source.url = "https://news.example/feed";
  return source;
}

model::Entry entry(const std::string& id, const std::string& title, OptionalTime published = {}) {
  model::Entry out;
  out.id = id;
  out.title.value = title;
  out.published.time = published;
  return out;
}

Extracted extracted(const std::vector<model::Entry>& entries, const Seen& last = {}, model::Document rest = {}) {
  const model::Source source = wire();
  Extraction extraction(source, last, kFetched, {}, {});
  for (const auto& each : entries) extraction.take(each);
  return std::move(extraction).finish(std::move(rest));
}

std::vector<std::string> titles(const Extracted& out) {
  std::vector<std::string> all;
  for (const auto& candidate : out.candidates) all.push_back(candidate.item.title);
  return all;
}

TEST(Extract, the_oldest_comes_first_as_documents_list_the_newest_first) {
  EXPECT_THAT(titles(extracted({entry("3", "third"), entry("2", "second"), entry("1", "first")})), ElementsAre("first", "second", "third"));
}

TEST(Extract, dates_decide_the_order_where_every_entry_has_one) {
  EXPECT_THAT(titles(extracted({entry("1", "late", kFetched), entry("2", "early", kFetched - 2h), entry("3", "middle", kFetched - 1h)})),
              ElementsAre("early", "middle", "late"));
  EXPECT_THAT(titles(extracted({entry("1", "late", kFetched), entry("2", "undated"), entry("3", "old", kFetched - 1h)})),
              ElementsAre("old", "undated", "late"));
}

TEST(Extract, what_the_last_document_held_alike_is_passed_over) {
  const Extracted first = extracted({entry("2", "second"), entry("1", "first")});
  const Extracted next = extracted({entry("3", "third"), entry("2", "second, edited"), entry("1", "first")}, first.seen);
  EXPECT_THAT(titles(next), ElementsAre("second, edited", "third"));
  EXPECT_TRUE(next.candidates[0].listed);
  EXPECT_FALSE(next.candidates[1].listed);
  EXPECT_EQ(next.seen.size(), 3U);
}

TEST(Extract, a_candidate_has_its_fingerprints) {
  const Extracted out = extracted({entry("1", "Ferry and barge collide in thick fog off the harbour")});
  ASSERT_EQ(out.candidates.size(), 1U);
  EXPECT_NE(out.candidates[0].features.simhash, 0U);
  EXPECT_EQ(out.candidates[0].item.source_id, "wire");
  EXPECT_EQ(out.candidates[0].item.fetched, kFetched);
}

TEST(Extract, what_the_feed_says_last_is_inherited_before_fingerprints_are_taken) {
  model::Document rest;
  rest.feed.language = "de";
  rest.feed.authors = {{"Lena Okoro", "", ""}};
  const std::vector<model::Entry> entries = {entry("1", "Ferry and barge collide in thick fog off the harbour")};
  const Extracted german = extracted(entries, {}, std::move(rest));
  ASSERT_EQ(german.candidates.size(), 1U);
  EXPECT_EQ(german.candidates[0].item.language, "de");
  EXPECT_EQ(german.candidates[0].item.language_method, "feed");
  ASSERT_EQ(german.candidates[0].item.authors.size(), 1U);
  EXPECT_NE(german.candidates[0].features.language, extracted(entries).candidates[0].features.language);
}

TEST(Extract, the_cursor_is_absent_unless_the_plugin_gave_one) {
  EXPECT_FALSE(extracted({}).cursor);
  model::Document document;
  document.has_cursor = true;
  document.partial = true;
  const Extracted out = extracted({}, {}, std::move(document));
  EXPECT_EQ(out.cursor, "");
  EXPECT_TRUE(out.partial);
}

}  // namespace
}  // namespace tidings::ingest
