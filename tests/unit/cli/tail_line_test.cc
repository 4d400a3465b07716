#include "cli/tail_line.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

namespace tidings::cli {
namespace {

class TailLinesTest : public testing::Test {
 protected:
  TailLinesTest() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }

  static StreamEntry item(const std::string& id, const std::string& source, const std::string& verdict, const std::string& of = {}) {
    StreamEntry entry{verdict == "duplicate" ? "duplicates" : "items", "61000-0",
                      {{"id", id}, {"verdict", verdict}, {"story", "urn:story:012345"}, {"source", source}, {"title", "Title of " + id}}};
    if (!of.empty()) entry.fields.emplace_back("of", of);
    return entry;
  }

  TailLines lines_{Terminal()};
};

TEST_F(TailLinesTest, a_new_item) {
  EXPECT_EQ(lines_.line(item("a", "desk", "new")), "00:01:01  desk                new                         012345  Title of a");
}

TEST_F(TailLinesTest, a_copy_names_the_source_of_what_it_repeats_where_that_was_shown) {
  lines_.line(item("urn:item:aaaaaa", "desk", "new"));
  EXPECT_NE(lines_.line(item("b", "wire", "duplicate", "urn:item:aaaaaa")).find("  duplicate of desk  "), std::string::npos);
  EXPECT_NE(lines_.line(item("c", "wire", "duplicate", "urn:item:cccccc")).find("  duplicate of cccccc  "), std::string::npos);
}

TEST_F(TailLinesTest, an_update_of_itself_is_just_one) {
  EXPECT_NE(lines_.line(item("a", "desk", "update", "a")).find("  update  "), std::string::npos);
  EXPECT_NE(lines_.line(item("b", "wire", "update", "a")).find("  update of desk  "), std::string::npos);
}

TEST_F(TailLinesTest, alerts_and_what_happens_to_sources_are_lines_too) {
  EXPECT_EQ(lines_.line({"alerts", "0-1", {{"rule", "flood"}, {"source", "desk"}, {"story", "s"}, {"title", "Dam breaks"}}}),
            "00:00:00  desk                ALERT flood                 s       Dam breaks");
  EXPECT_EQ(lines_.line({"sources", "0-2", {{"event", "failing"}, {"source", "desk"}, {"detail", "timed out"}}}),
            "00:00:00  desk                failing                             timed out");
  EXPECT_EQ(lines_.line({"stories", "0-3", {{"event", "grown"}, {"story", "s"}, {"title", "Dam breaks"}}}),
            "00:00:00                      story grown                 s       Dam breaks");
}

TEST_F(TailLinesTest, what_feeds_say_cannot_steer_the_terminal_nor_break_the_line) {
  auto entry = item("a", "d\x1b[2Jesk", "new");
  entry.fields.back().second = "one\ntwo\x07";
  EXPECT_EQ(lines_.line(entry), "00:01:01  d [2Jesk            new                         012345  one two");
}

TEST_F(TailLinesTest, a_narrow_terminal_cuts_the_headline) {
  TailLines narrow(Terminal{true, false, 90});
  auto entry = item("a", "desk", "new");
  entry.fields.back().second = std::string(200, 'x');
  EXPECT_EQ(display_width(narrow.line(entry)), 90U);
}

TEST_F(TailLinesTest, an_id_that_is_none_has_no_time_of_its_own) { EXPECT_EQ(lines_.line({"items", "", {}}).substr(0, 8), "00:00:00"); }

TEST(stream_entry, is_ordered_by_both_numbers_of_its_id) {
  EXPECT_TRUE(comes_before({"", "9-5", {}}, {"", "10-0", {}}));
  EXPECT_TRUE(comes_before({"", "10-2", {}}, {"", "10-10", {}}));
  EXPECT_FALSE(comes_before({"", "10-2", {}}, {"", "10-2", {}}));
}

TEST(stream_entry, as_json_has_its_data_as_an_object_where_it_is_one) {
  EXPECT_EQ(as_json_line({"items", "1-0", {{"title", "A \"b\""}, {"data", "{\"x\":1}"}}}),
            R"({"stream":"items","entry":"1-0","title":"A \"b\"","data":{"x":1}})");
  EXPECT_EQ(as_json_line({"items", "1-0", {{"data", "{cut"}}}), R"({"stream":"items","entry":"1-0","data":"{cut"})");
}

}  // namespace
}  // namespace tidings::cli
