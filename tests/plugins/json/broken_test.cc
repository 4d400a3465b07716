#include <gtest/gtest.h>

#include "read.h"

namespace tidings::json_feed::testing {
namespace {

constexpr std::string_view kFeed =
    R"({"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","tags":["a"],"title":"one"},{"id":"2","title":"t\u00e9 \"o"},{"id":"3","authors":[{"name":"N"}]}],"language":"en"})";

TEST(JsonBrokenTest, keeps_the_whole_items_before_any_cut) {
  const std::size_t ends[] = {kFeed.find(",{\"id\":\"2\""), kFeed.find(",{\"id\":\"3\""), kFeed.find("],\"language")};
  for (std::size_t cut = 0; cut < kFeed.size(); ++cut) {
    const Outcome outcome = read(kFeed.substr(0, cut));
    std::size_t whole = 0;
    for (const std::size_t end : ends) whole += cut >= end;
    EXPECT_EQ(outcome.document.entries.size(), whole) << kFeed.substr(0, cut);
    if (whole > 0) {
      EXPECT_EQ(outcome.status, TIDINGS_OK);
      EXPECT_TRUE(outcome.document.partial) << cut;
      EXPECT_EQ(outcome.entry().title.value, "one");
    }
  }
  EXPECT_FALSE(read(kFeed).document.partial);
}

TEST(JsonBrokenTest, says_where_a_cut_document_breaks_off) {
  const Outcome outcome = read("{\"version\":\"https://jsonfeed.org/version/1.1\",\n\"items\":[{\"id\":\"1\"},\n{\"id\":\"");
  EXPECT_EQ(outcome.said("broken"), "not JSON to its end: it breaks off at line 3, byte 75; the items before that are kept");
}

TEST(JsonBrokenTest, a_broken_item_costs_itself_alone) {
  const Outcome outcome = read("{\"items\":[{\"id\":\"1\"},\n{\"id\":\"2\",\"title\":tru},\n{\"id\":\"3\"}]}");
  ASSERT_EQ(outcome.document.entries.size(), 2u);
  EXPECT_EQ(outcome.entry(1).id, "3");
  EXPECT_TRUE(outcome.document.partial);
  ASSERT_NE(outcome.said("broken-item"), "");
}

TEST(JsonBrokenTest, a_bracket_too_few_or_of_the_wrong_kind_keeps_what_stands_before) {
  EXPECT_EQ(read(R"({"items":[{"id":"1"},{"id":"2"}})").document.entries.size(), 2u);
  const Outcome outcome = read(R"({"items":[{"id":"1"},{"id":"2"]}])");
  EXPECT_EQ(outcome.document.entries.size(), 1u);
  EXPECT_TRUE(outcome.document.partial);
}

TEST(JsonBrokenTest, text_after_the_end_is_said_and_passed_over) {
  const Outcome outcome = read(R"({"items":[{"id":"1"}]} <!-- cached -->)");
  EXPECT_EQ(outcome.document.entries.size(), 1u);
  EXPECT_NE(outcome.said("broken").find("text follows its end"), std::string::npos);
}

TEST(JsonBrokenTest, an_html_page_is_no_json) {
  const Outcome outcome = read("\n<!DOCTYPE html><html><body>Not found</body></html>");
  EXPECT_EQ(outcome.status, TIDINGS_NOT_MINE);
  EXPECT_EQ(outcome.said("not-json"), "not JSON: it begins with \"<!DOCTYPE html><html><bo\" at line 2, byte 1");
}

TEST(JsonBrokenTest, text_in_utf_16_and_utf_32_is_read) {
  const std::u32string wide = U"{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Zoë \U0001F4F0\",\"items\":[{\"id\":\"1\"}]}";
  const auto bytes = [&](std::size_t width, bool little, bool marked) {
    std::string out;
    const auto put = [&](char32_t unit) {
      for (std::size_t i = 0; i < width; ++i) out += static_cast<char>(unit >> 8 * (little ? i : width - 1 - i) & 0xFF);
    };
    if (marked) put(0xFEFF);
    for (const char32_t c : wide) {
      if (width == 2 && c > 0xFFFF) {
        put(0xD800 + ((c - 0x10000) >> 10));
        put(0xDC00 + ((c - 0x10000) & 0x3FF));
      } else {
        put(c);
      }
    }
    return out;
  };
  for (const std::size_t width : {std::size_t{2}, std::size_t{4}}) {
    for (const bool little : {false, true}) {
      for (const bool marked : {false, true}) {
        const Outcome outcome = read(bytes(width, little, marked));
        EXPECT_EQ(outcome.document.feed.title.value, "Zoë 📰");
        EXPECT_EQ(outcome.document.feed.encoding, std::string("utf-") + (width == 2 ? "16" : "32") + (little ? "le" : "be"));
        ASSERT_EQ(outcome.document.entries.size(), 1u);
        // The last unit is cut.
        EXPECT_TRUE(read(bytes(width, little, marked).substr(0, wide.size() * width - 1)).document.partial);
      }
    }
  }
}

TEST(JsonBrokenTest, an_empty_document_is_said_to_be_empty) {
  EXPECT_EQ(read("").said("empty"), "the document is empty");
  EXPECT_EQ(read("\xEF\xBB\xBF \n").status, TIDINGS_NOT_MINE);
}

TEST(JsonBrokenTest, json_that_is_no_feed_is_not_ours_without_a_mapping) {
  const Outcome outcome = read(R"({"error":"no key"})");
  EXPECT_EQ(outcome.status, TIDINGS_NOT_MINE);
  EXPECT_NE(outcome.said("not-json-feed"), "");
}

TEST(JsonBrokenTest, says_at_which_byte_there_is_no_json) {
  const Outcome outcome = read("{\"title\":\n \"T\" \"items\" [}");
  EXPECT_EQ(outcome.status, TIDINGS_BROKEN);
  EXPECT_EQ(outcome.said("not-json").substr(0, 10), "not JSON: ");
  EXPECT_NE(outcome.said("not-json").find("line 2, byte"), std::string::npos) << outcome.said("not-json");
}

TEST(JsonBrokenTest, a_byte_order_mark_and_bytes_that_are_no_utf8_do_not_matter) {
  const Outcome outcome = read("\xEF\xBB\xBF{\"items\":[{\"id\":\"1\",\"title\":\"Caf\xE9\"}]}");
  EXPECT_EQ(outcome.entry().title.value, "Caf\xEF\xBF\xBD");
  EXPECT_NE(outcome.said("bad-utf8"), "");
}

TEST(JsonBrokenTest, depth_has_a_bound) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const Outcome outcome = read("{\"items\":[{\"id\":\"1\",\"x\":" + deep + "},{\"id\":\"2\"}]}");
  EXPECT_EQ(outcome.document.entries.size(), 1u);
  EXPECT_NE(outcome.said("broken-item"), "");
  EXPECT_NE(read(std::string(1'000'000, '[')).status, TIDINGS_OK);
}

TEST(JsonBrokenTest, a_head_that_is_broken_leaves_the_items) {
  const Outcome outcome = read(R"({"title":nonsense,"items":[{"id":"1"}]})");
  EXPECT_EQ(outcome.document.entries.size(), 1u);
  EXPECT_NE(outcome.said("broken-head"), "");
}

}  // namespace
}  // namespace tidings::json_feed::testing
