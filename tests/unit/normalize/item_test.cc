#include "normalize/item.h"

#include <gtest/gtest.h>

namespace tidings::normalize {
namespace {

using namespace std::chrono_literals;
using model::Entry;
using model::Feed;
using model::Item;
using model::Source;

const Time kFetched = from_micros(1'790'000'000'000'000);

Source wire() {
  Source source;
  source.id = "wire";
  source.url = "https://news.example/feed";
  return source;
}

model::Text html(std::string value) {
  model::Text text;
  text.value = std::move(value);
  text.type = "html";
  return text;
}

Entry ferry() {
  Entry entry;
  entry.id = "tag:news.example,2026:ferry";
  entry.title.value = "Ferry and barge collide";
  entry.link = "http://news.example/ferry?utm_source=rss";
  return entry;
}

Item item_of(const Entry& entry, const Feed& feed = {}, const Source& source = wire(), const Options& options = {}) {
  Item item = normalize(source, entry, kFetched, options);
  inherit(item, source, feed, options);
  return item;
}

TEST(Normalize, titles_are_one_line_of_plain_text) {
  Entry entry = ferry();
  entry.title = html("Ferry &amp; <b>barge</b>\n collide");
  EXPECT_EQ(item_of(entry).title, "Ferry & barge collide");
  entry.title.type = "text";
  entry.title.value = " 1 < 2 \n&amp; more ";
  EXPECT_EQ(item_of(entry).title, "1 < 2 &amp; more");
}

TEST(Normalize, texts_are_in_normal_form_c) {
  Entry entry = ferry();
  entry.title.value = "Cafe\u0301";
  EXPECT_EQ(item_of(entry).title, "Caf\u00e9");
}

TEST(Normalize, a_description_gives_the_summary_and_its_markup) {
  Entry entry = ferry();
  entry.summary = html("<p>Three hurt.</p><script>x()</script><p><a href=\"https://news.example/more\">More</a></p>");
  const Item item = item_of(entry);
  EXPECT_EQ(item.summary, "Three hurt.\n\nMore");
  EXPECT_EQ(item.body_text, "");
  EXPECT_NE(item.body_html.find("<a href=\"https://news.example/more\""), std::string::npos);
  EXPECT_EQ(item.body_html.find("script"), std::string::npos);
}

TEST(Normalize, the_longest_content_is_the_body) {
  Entry entry = ferry();
  entry.summary.value = "Three hurt.";
  entry.content = {html("<p>Short.</p>"), html("<p>Three people were hurt when a ferry met a barge.</p>")};
  const Item item = item_of(entry);
  EXPECT_EQ(item.summary, "Three hurt.");
  EXPECT_EQ(item.body_text, "Three people were hurt when a ferry met a barge.");
  EXPECT_FALSE(item.truncated);
}

TEST(Normalize, what_is_too_long_is_cut_and_says_so) {
  Options options;
  options.max_body_bytes = 40;
  Entry entry = ferry();
  entry.content = {html("<p>" + std::string(100, 'x') + "</p>")};
  const Item item = item_of(entry, {}, wire(), options);
  EXPECT_TRUE(item.truncated);
  EXPECT_EQ(item.body_text, std::string(37, 'x'));
  EXPECT_TRUE(item.body_html.ends_with("</p>"));
}

TEST(Normalize, ids_come_from_the_guid_else_the_url_else_the_text) {
  Entry entry = ferry();
  const Item by_guid = item_of(entry);
  EXPECT_EQ(by_guid.identity, "guid:tag:news.example,2026:ferry");
  EXPECT_EQ(by_guid.id, item_id("wire", by_guid.identity));
  EXPECT_TRUE(by_guid.id.starts_with("urn:tidings:item:"));
  entry.id.clear();
  EXPECT_EQ(item_of(entry).identity, "url:https://news.example/ferry");
  entry.link.clear();
  EXPECT_TRUE(item_of(entry).identity.starts_with("text:"));
  EXPECT_NE(item_id("wire", "guid:1"), item_id("radio", "guid:1"));
}

TEST(Normalize, the_stated_url_is_kept_beside_the_canonical_one) {
  const Item item = item_of(ferry());
  EXPECT_EQ(item.url, "http://news.example/ferry?utm_source=rss");
  EXPECT_EQ(item.canonical_url, "https://news.example/ferry");
}

TEST(Normalize, an_unsafe_link_is_no_url) {
  Entry entry = ferry();
  entry.link = "javascript:alert(1)";
  entry.comments = "data:text/html,x";
  const Item item = item_of(entry);
  EXPECT_EQ(item.url, "");
  EXPECT_EQ(item.canonical_url, "");
  EXPECT_EQ(item.comments_url, "");
}

TEST(Normalize, a_date_is_never_made_up) {
  Entry entry = ferry();
  entry.published.raw = "some day";
  Item item = item_of(entry);
  EXPECT_FALSE(item.published);
  EXPECT_EQ(item.published_raw, "some day");
  EXPECT_EQ(item.fetched, kFetched);
  EXPECT_FALSE(item.date_in_future);
  entry.published.time = kFetched + 25h;
  item = item_of(entry);
  EXPECT_EQ(item.published, kFetched + 25h);
  EXPECT_TRUE(item.date_in_future);
}

TEST(Normalize, the_language_is_the_entrys_the_feeds_the_sources_or_found_out) {
  Entry entry = ferry();
  entry.summary.value = "The coast guard said on Saturday that three people were injured when the two vessels met in thick fog.";
  Feed feed;
  Source source = wire();
  EXPECT_EQ(item_of(entry, feed, source).language, "en");
  EXPECT_EQ(item_of(entry, feed, source).language_method, "detected");
  Options options;
  options.detect_language = false;
  EXPECT_EQ(item_of(entry, feed, source, options).language, "");
  source.settings.edit().language = "de";
  EXPECT_EQ(item_of(entry, feed, source).language_method, "source");
  feed.language = "not a language";
  EXPECT_EQ(item_of(entry, feed, source).language, "de");
  feed.language = "FR";
  EXPECT_EQ(item_of(entry, feed, source).language, "fr");
  entry.language = "pt_br";
  EXPECT_EQ(item_of(entry, feed, source).language, "pt-BR");
  EXPECT_EQ(item_of(entry, feed, source).language_method, "entry");
}

TEST(Normalize, what_the_entry_does_not_state_is_the_feeds) {
  Entry entry = ferry();
  Feed feed;
  feed.title.value = "The Wire";
  feed.authors = {{"Desk", "", ""}};
  feed.rights.value = "All rights reserved";
  EXPECT_EQ(item_of(entry, feed).source_name, "The Wire");
  EXPECT_EQ(item_of(entry, feed).authors.at(0).name, "Desk");
  EXPECT_EQ(item_of(entry, feed).rights, "All rights reserved");
  entry.authors = {{"Ada", "ada@news.example", "javascript:x"}};
  EXPECT_EQ(item_of(entry, feed).authors.at(0).name, "Ada");
  EXPECT_EQ(item_of(entry, feed).authors.at(0).uri, "");
}

TEST(Normalize, media_come_once_and_the_image_is_one_of_them) {
  Entry entry = ferry();
  model::Media picture;
  picture.url = "https://news.example/a.jpg";
  picture.type = "image/jpeg";
  model::Media sound;
  sound.url = "https://news.example/a.mp3";
  entry.enclosures = {sound, picture};
  entry.media = {picture};
  const Item item = item_of(entry);
  EXPECT_EQ(item.enclosures.size(), 2U);
  EXPECT_EQ(item.image_url, "https://news.example/a.jpg");
}

}  // namespace
}  // namespace tidings::normalize
