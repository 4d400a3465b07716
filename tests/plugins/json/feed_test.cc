#include <gtest/gtest.h>

#include "read.h"

namespace tidings::json_feed::testing {
namespace {

constexpr std::string_view kWhole = R"({
  "version": "https://jsonfeed.org/version/1.1",
  "title": "Harbour Times", "description": "Ships and tides", "home_page_url": "https://news.test/",
  "feed_url": "https://news.test/api/feed.json", "user_comment": "for readers", "next_url": "/api/feed.json?page=2",
  "icon": "/big.png", "favicon": "/small.ico", "language": "en-GB", "expired": true,
  "authors": [{"name": "The Desk", "url": "/desk", "avatar": "/desk.png"}],
  "hubs": [{"type": "rssCloud", "url": "https://cloud.test/"}, {"type": "WebSub", "url": "https://hub.test/"}],
  "items": [
    {"id": "https://news.test/1", "url": "https://news.test/1", "external_url": "https://port.test/notice",
     "title": "Ferry \u201CAda\u201D < late", "content_html": "<p>One</p>", "content_text": "One", "summary": "A delay",
     "image": "/1.jpg", "banner_image": "/1-wide.jpg", "date_published": "2026-11-24T10:00:00+01:00",
     "date_modified": "2026-11-24T09:30:00Z", "authors": [{"name": "Ann"}, {"name": "Bo", "url": "https://bo.test/"}],
     "tags": ["sea", "ferry", "sea"], "language": "de",
     "attachments": [{"url": "/1.mp3", "mime_type": "audio/mpeg", "title": "Listen", "size_in_bytes": 12000000, "duration_in_seconds": 61.5}]},
    {"id": 2, "url": "/2", "content_text": "Two"}
  ]
})";

TEST(JsonFeedTest, reads_what_the_feed_says_of_itself) {
  const Outcome outcome = read(kWhole);
  ASSERT_EQ(outcome.status, TIDINGS_OK);
  const model::Feed& feed = outcome.feed();
  EXPECT_EQ(feed.format, "json");
  EXPECT_EQ(feed.version, "1.1");
  EXPECT_EQ(feed.title.value, "Harbour Times");
  EXPECT_EQ(feed.subtitle.value, "Ships and tides");
  EXPECT_EQ(feed.link, "https://news.test/");
  EXPECT_EQ(feed.self, "https://news.test/api/feed.json");
  EXPECT_EQ(feed.next_archive, "https://news.test/api/feed.json?page=2");
  EXPECT_EQ(feed.logo, "https://news.test/big.png");
  EXPECT_EQ(feed.image.url, "https://news.test/big.png");
  EXPECT_EQ(feed.icon, "https://news.test/small.ico");
  EXPECT_EQ(feed.language, "en-GB");
  EXPECT_EQ(feed.hubs, std::vector<std::string>{"https://hub.test/"});
  ASSERT_EQ(feed.authors.size(), 1u);
  EXPECT_EQ(feed.authors[0].name, "The Desk");
  EXPECT_EQ(feed.authors[0].uri, "https://news.test/desk");
  EXPECT_EQ(feed.extra, R"({"expired":true})");
  EXPECT_NE(outcome.said("expired"), "");
  EXPECT_FALSE(outcome.document.partial);
  EXPECT_TRUE(outcome.document.follow_ups.empty());
}

TEST(JsonFeedTest, reads_every_field_of_an_item) {
  const Outcome outcome = read(kWhole);
  ASSERT_EQ(outcome.document.entries.size(), 2u);
  const model::Entry& entry = outcome.entry();
  EXPECT_EQ(entry.id, "https://news.test/1");
  EXPECT_EQ(entry.link, "https://news.test/1");
  EXPECT_EQ(entry.external_url, "https://port.test/notice");
  EXPECT_EQ(entry.title.value, "Ferry \xE2\x80\x9C" "Ada\xE2\x80\x9D < late");
  EXPECT_EQ(entry.title.type, "text");
  EXPECT_EQ(entry.summary.value, "A delay");
  ASSERT_EQ(entry.content.size(), 2u);
  EXPECT_EQ(entry.content[0].type, "html");
  EXPECT_EQ(entry.content[0].value, "<p>One</p>");
  EXPECT_EQ(entry.content[0].base, "https://news.test/1");
  EXPECT_EQ(entry.content[1].type, "text");
  EXPECT_EQ(entry.image.url, "https://news.test/1.jpg");
  ASSERT_EQ(entry.media.size(), 1u);
  EXPECT_EQ(entry.media[0].url, "https://news.test/1-wide.jpg");
  EXPECT_EQ(entry.published.raw, "2026-11-24T10:00:00+01:00");
  EXPECT_EQ(to_micros(*entry.published.time), 1795510800'000000);
  EXPECT_EQ(to_micros(*entry.updated.time), 1795512600'000000);
  ASSERT_EQ(entry.authors.size(), 2u);
  EXPECT_EQ(entry.authors[1].uri, "https://bo.test/");
  ASSERT_EQ(entry.categories.size(), 2u);
  EXPECT_EQ(entry.categories[1].term, "ferry");
  EXPECT_EQ(entry.language, "de");
  ASSERT_EQ(entry.enclosures.size(), 1u);
  EXPECT_EQ(entry.enclosures[0].url, "https://news.test/1.mp3");
  EXPECT_EQ(entry.enclosures[0].type, "audio/mpeg");
  EXPECT_EQ(entry.enclosures[0].title, "Listen");
  EXPECT_EQ(entry.enclosures[0].length, 12000000);
  EXPECT_EQ(entry.enclosures[0].duration, 61.5);
  EXPECT_EQ(entry.line, 9u);
}

TEST(JsonFeedTest, an_item_takes_authors_and_language_of_its_feed) {
  const Outcome outcome = read(kWhole);
  const model::Entry& entry = outcome.entry(1);
  EXPECT_EQ(entry.id, "2");
  EXPECT_EQ(entry.link, "https://news.test/2");
  EXPECT_EQ(entry.language, "en-GB");
  ASSERT_EQ(entry.authors.size(), 1u);
  EXPECT_EQ(entry.authors[0].name, "The Desk");
  EXPECT_FALSE(entry.published.time);
  EXPECT_EQ(entry.line, 15u);
}

TEST(JsonFeedTest, reads_version_1_with_its_single_author) {
  const Outcome outcome = read(R"({"version":"https://jsonfeed.org/version/1","author":{"name":"Me"},
    "items":[{"id":"1","author":{"name":"You"},"content_text":"a"},{"id":"2","content_text":"b"}]})");
  EXPECT_EQ(outcome.feed().version, "1");
  EXPECT_EQ(outcome.entry(0).authors.at(0).name, "You");
  EXPECT_EQ(outcome.entry(1).authors.at(0).name, "Me");
}

TEST(JsonFeedTest, what_stands_after_the_items_counts_for_them_too) {
  const Outcome outcome = read(R"({"items":[{"id":"1"}],"language":"fr","title":"T","version":"https://jsonfeed.org/version/1.1"})");
  EXPECT_EQ(outcome.feed().title.value, "T");
  EXPECT_EQ(outcome.entry().language, "fr");
}

TEST(JsonFeedTest, an_id_that_is_a_url_is_the_link_where_there_is_none) {
  const Outcome outcome = read(R"({"items":[{"id":"https://news.test/a"},{"id":"tag:news.test,2026:b"}]})");
  EXPECT_EQ(outcome.entry(0).link, "https://news.test/a");
  EXPECT_TRUE(outcome.entry(0).id_is_permalink);
  EXPECT_EQ(outcome.entry(1).link, "");
}

TEST(JsonFeedTest, an_unsafe_url_is_no_url) {
  const Outcome outcome = read_item(R"j("url":"javascript:alert(1)","image":"data:image/png;base64,AA")j");
  EXPECT_EQ(outcome.entry().link, "");
  EXPECT_EQ(outcome.entry().image.url, "");
}

TEST(JsonFeedTest, fields_of_a_wrong_type_are_passed_over) {
  const Outcome outcome = read_item(R"("url":{"a":1},"title":["Headline"],"tags":"one","authors":"Ann","date_published":true,
    "attachments":{"url":"/x.mp3"},"image":null,"content_html":12)");
  EXPECT_EQ(outcome.entry().link, "");
  EXPECT_EQ(outcome.entry().title.value, "Headline");
  EXPECT_EQ(outcome.entry().categories.at(0).term, "one");
  EXPECT_EQ(outcome.entry().authors.at(0).name, "Ann");
  EXPECT_FALSE(outcome.entry().published.time);
  EXPECT_EQ(outcome.entry().enclosures.at(0).url, "https://news.test/x.mp3");
}

TEST(JsonFeedTest, items_that_are_none_are_counted_and_left_out) {
  const Outcome outcome = read(R"({"version":"https://jsonfeed.org/version/1.1","items":[1,"two",{"id":"3"},[],{"tags":["x"]}]})");
  EXPECT_EQ(outcome.document.entries.size(), 1u);
  EXPECT_EQ(outcome.said("item-no-object"), "3 of the items are no objects and left out");
  EXPECT_NE(outcome.said("empty-item"), "");
}

}  // namespace
}  // namespace tidings::json_feed::testing
