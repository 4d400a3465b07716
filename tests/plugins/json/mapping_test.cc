#include <gtest/gtest.h>

#include "read.h"

namespace tidings::json_feed::testing {
namespace {

// What the plugin has against options, or empty.
std::string refusal(std::string_view options) {
  const Outcome outcome = read("{}", options);
  return outcome.status == TIDINGS_BAD_OPTIONS ? outcome.said("bad-option") : "";
}

// Micros of the date that `value` is read as, or 0.
std::int64_t date_of(const std::string& value, const std::string& unit = "auto") {
  const Outcome outcome = read("[{\"id\":1,\"when\":" + value + "}]", R"({"items":"","published":"/when","date_unit":")" + unit + "\"}");
  return outcome.entry().published.time ? to_micros(*outcome.entry().published.time) : 0;
}

constexpr std::int64_t kSecond = 1'000'000;

TEST(JsonMappingTest, reads_an_api_by_pointers) {
  const Outcome outcome = read(
      R"({"title":"not the feed's","response":{"total":2,"results":[
        {"uid":7,"slug":"a b/c","fields":{"head":"One &amp; only","lead":"<b>Lead</b>","body":"<p>x</p>"},
         "meta":{"tags":[{"name":"sea"},{"name":"air"}]},"by":[{"name":"Ann"}],"pic":{"src":"/p.jpg","width":640,"height":"480"},
         "at":1795510800,"geo":[12.5,-3.25]},
        {"uid":8,"web":"https://news.test/8","fields":{"alt":"Two"}}]}})",
      R"({"items":"/response/results","id":"/uid","url":"/web | https://news.test/{/slug}?id={/uid}","title":"/fields/head | /fields/alt",
        "summary":"/fields/lead","content_html":"/fields/body","tags":"/meta/tags/*/name","authors":"/by","image":"/pic","published":"/at",
        "longitude":"/geo/0","latitude":"/geo/1","language":"en","html":["title","summary"]})");
  ASSERT_EQ(outcome.status, TIDINGS_OK);
  ASSERT_EQ(outcome.document.entries.size(), 2u);
  EXPECT_EQ(outcome.feed().title.value, "");
  const model::Entry& entry = outcome.entry();
  EXPECT_EQ(entry.id, "7");
  EXPECT_EQ(entry.link, "https://news.test/a%20b/c?id=7");
  EXPECT_EQ(entry.title.type, "html");
  EXPECT_EQ(entry.title.value, "One &amp; only");
  EXPECT_EQ(entry.summary.type, "html");
  EXPECT_EQ(entry.content.at(0).value, "<p>x</p>");
  ASSERT_EQ(entry.categories.size(), 2u);
  EXPECT_EQ(entry.categories[1].term, "air");
  EXPECT_EQ(entry.authors.at(0).name, "Ann");
  EXPECT_EQ(entry.image.url, "https://news.test/p.jpg");
  EXPECT_EQ(entry.image.width, 640);
  EXPECT_EQ(entry.image.height, 480);
  EXPECT_EQ(to_micros(*entry.published.time), 1795510800 * kSecond);
  EXPECT_TRUE(entry.has_position);
  EXPECT_EQ(entry.latitude, -3.25);
  EXPECT_EQ(entry.longitude, 12.5);
  EXPECT_EQ(entry.language, "en");
  EXPECT_EQ(outcome.entry(1).link, "https://news.test/8");
  EXPECT_EQ(outcome.entry(1).title.value, "Two");
}

TEST(JsonMappingTest, the_document_itself_or_an_object_may_be_the_list) {
  EXPECT_EQ(read(R"([{"id":1},{"id":2}])", R"({"items":""})").document.entries.size(), 2u);
  const Outcome outcome = read(R"({"pages":{"10":{"title":"A"},"11":{"title":"B"}}})", R"({"items":"/pages"})");
  ASSERT_EQ(outcome.document.entries.size(), 2u);
  EXPECT_EQ(outcome.entry(1).title.value, "B");
}

TEST(JsonMappingTest, pointers_follow_rfc_6901) {
  const Outcome outcome = read(R"({"a/b":[0,{"m~n":[{"id":"x","":"empty"," ":"space"}]}]})", R"({"items":"/a~1b/1/m~0n","title":"/","summary":"/ "})");
  ASSERT_EQ(outcome.document.entries.size(), 1u) << outcome.said("no-items");
  EXPECT_EQ(outcome.entry().title.value, "empty");
}

TEST(JsonMappingTest, says_how_far_the_pointer_to_the_items_leads) {
  const std::string_view document = R"({"data":{"list":"none"}})";
  const Outcome outcome = read(document, R"({"items":"/data/posts"})");
  EXPECT_EQ(outcome.status, TIDINGS_BROKEN);
  EXPECT_EQ(outcome.said("no-items"), "no items at pointer /data/posts: /data has no such member");
  EXPECT_EQ(read(document, R"({"items":"/x"})").said("no-items"), "no items at pointer /x: the document has no such member");
  EXPECT_EQ(read(document, R"({"items":"/data/list"})").said("no-items"), "no items at pointer /data/list: what stands there is no list");
}

TEST(JsonMappingTest, numbers_are_dates_by_their_size_or_by_the_unit_stated) {
  EXPECT_EQ(date_of("1795510800"), 1795510800 * kSecond);
  EXPECT_EQ(date_of("1795510800.5"), 1795510800 * kSecond + kSecond / 2);
  EXPECT_EQ(date_of("1795510800123"), 1795510800 * kSecond + 123'000);
  EXPECT_EQ(date_of("1795510800123456"), 1795510800 * kSecond + 123'456);
  EXPECT_EQ(date_of("\"1795510800\""), 1795510800 * kSecond);
  EXPECT_EQ(date_of("86400000", "milliseconds"), 86'400 * kSecond);
  EXPECT_EQ(date_of("-86400", "seconds"), -86'400 * kSecond);
  EXPECT_EQ(date_of("20261124"), date_of("\"2026-11-24\""));
  EXPECT_EQ(date_of("20261124100000"), date_of("\"2026-11-24T10:00:00Z\""));
}

TEST(JsonMappingTest, text_is_a_date_in_any_usual_form) {
  EXPECT_EQ(date_of("\"2026-11-24T10:00:00+01:00\""), 1795510800 * kSecond);
  EXPECT_EQ(date_of("\"Tue, 24 Nov 2026 09:00:00 GMT\""), 1795510800 * kSecond);
  EXPECT_EQ(date_of("\"/Date(1795510800000+0100)/\""), 1795510800 * kSecond);
  EXPECT_EQ(date_of("\"yesterday\""), 0);
  EXPECT_EQ(date_of("1e300"), 0);
}

TEST(JsonMappingTest, asks_for_as_many_pages_as_stated) {
  const std::string_view document = R"({"rows":[{"id":1}],"after":"x y"})";
  EXPECT_EQ(read(document, R"({"items":"/rows","next":"/api?after={/after}"})").document.follow_ups.size(), 0u);
  const std::string_view good = R"({"items":"/rows","next":"/api?after={/after}","pages":2})";
  const Outcome outcome = read(document, good);
  ASSERT_EQ(outcome.document.follow_ups.size(), 1u);
  EXPECT_EQ(outcome.document.follow_ups[0].url, "https://news.test/api?after=x%20y");
  EXPECT_EQ(outcome.document.follow_ups[0].tag, "2");
  EXPECT_EQ(read(document, good, "2").document.follow_ups.size(), 0u);
}

TEST(JsonMappingTest, an_option_left_empty_reads_nothing) {
  const Outcome outcome = read(R"({"items":[{"id":1,"title":"T","summary":"S"}]})", R"({"summary":""})");
  EXPECT_EQ(outcome.entry().title.value, "T");
  EXPECT_EQ(outcome.entry().summary.value, "");
}

TEST(JsonMappingTest, says_of_each_option_that_does_not_fit_what_is_wrong) {
  EXPECT_EQ(refusal(R"({"titel":"/x"})"), "there is no option 'titel'");
  EXPECT_EQ(refusal(R"({"title":3})"), "the option 'title' must be a string");
  EXPECT_EQ(refusal(R"({"title":"/a~2"})"), "the option 'title' has '/a~2', which is no JSON Pointer such as \"/article/title\"");
  EXPECT_EQ(refusal(R"({"items":"rows"})"), "the option 'items' has 'rows', which is no JSON Pointer such as \"/response/results\"");
  EXPECT_EQ(refusal(R"({"url":"https://a.test/{/slug"})"), "the option 'url' has a \"{\" without its \"}\"");
  EXPECT_EQ(refusal(R"({"html":["body"]})"), "the option 'html' may name title and summary, not 'body'");
  EXPECT_EQ(refusal(R"({"date_unit":"days"})"), "the option 'date_unit' must be auto, seconds, milliseconds or microseconds, not 'days'");
  EXPECT_EQ(refusal(R"({"pages":0})"), "the option 'pages' must be a whole number from 1 to 20");
  EXPECT_EQ(refusal("[1]"), "the options are no JSON object");
}

TEST(JsonMappingTest, the_defaults_in_the_option_table_are_accepted_as_options) {
  std::string options = "{";
  for (const tidings_option& option : Json::options()) {
    if (options.size() > 1) options += ',';
    options += "\"" + std::string(option.name) + "\":" + option.default_value;
  }
  EXPECT_EQ(refusal(options + "}"), "");
}

}  // namespace
}  // namespace tidings::json_feed::testing
