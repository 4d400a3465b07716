#include <gtest/gtest.h>

#include "read.h"

namespace tidings::json_feed::testing {
namespace {

TEST(JsonEventTest, an_event_is_one_item) {
  const Outcome outcome = read_event(R"( {"id":7,"title":"One","url":"/a"} )");
  ASSERT_EQ(outcome.status, TIDINGS_OK);
  ASSERT_EQ(outcome.document.entries.size(), 1U);
  EXPECT_EQ(outcome.entry().id, "7");
  EXPECT_EQ(outcome.entry().title.value, "One");
  EXPECT_FALSE(outcome.document.has_cursor);
}

TEST(JsonEventTest, an_event_may_be_a_list) {
  const Outcome outcome = read_event(R"([{"id":1,"title":"One"},{"id":2,"title":"Two"}])");
  ASSERT_EQ(outcome.document.entries.size(), 2U);
  EXPECT_EQ(outcome.entry(1).title.value, "Two");
}

TEST(JsonEventTest, fields_stand_where_the_options_say) {
  const Outcome outcome = read_event(R"({"op":"add","body":{"posts":[{"key":"k","head":"H"}]}})", R"({"event_items":"/body/posts","id":"/key","title":"/head"})");
  ASSERT_EQ(outcome.document.entries.size(), 1U);
  EXPECT_EQ(outcome.entry().id, "k");
}

TEST(JsonEventTest, the_items_of_a_document_are_elsewhere) {
  const std::string_view options = R"({"items":"/list","id":"/key","title":"/head"})";
  EXPECT_EQ(read_event(R"({"key":"k","head":"H"})", options).document.entries.size(), 1U);
  EXPECT_EQ(read(R"({"list":[{"key":"k","head":"H"}]})", options).document.entries.size(), 1U);
}

TEST(JsonEventTest, the_cursor_is_the_last_items) {
  const Outcome outcome = read_event(R"([{"id":1,"title":"a","t":17},{"id":2,"title":"b","t":18},{"id":3,"title":"c"}])", R"({"cursor":"/t"})");
  EXPECT_TRUE(outcome.document.has_cursor);
  EXPECT_EQ(outcome.document.cursor, "18");
}

TEST(JsonEventTest, what_says_nothing_and_what_is_broken_gives_no_items) {
  EXPECT_TRUE(read_event(R"({"type":"heartbeat"})").document.entries.empty());
  for (const char* broken : {"", "ping", "{", "[", "{\"id\":", "[[[]]]", "\xff\xfe", "nul", "{}}{"}) {
    const Outcome outcome = read_event(broken);
    EXPECT_TRUE(outcome.document.entries.empty()) << broken;
  }
  EXPECT_EQ(read_event("{}", R"({"event_items":"no pointer"})").status, TIDINGS_BAD_OPTIONS);
}

}  // namespace
}  // namespace tidings::json_feed::testing
