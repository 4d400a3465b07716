#include "cli/source_table.h"

#include <gtest/gtest.h>

namespace tidings::cli {
namespace {

const Time kNow = from_micros(1'800'000'000'000'000);  // 2027-01-15T08:00:00Z

json::object fine() {
  return {{"id", "fine"}, {"state", "ok"}, {"items", 3}, {"updates", 1}, {"duplicates", 0}, {"last_poll", "2027-01-15T07:59:00Z"},
          {"next_poll", "2027-01-15T08:05:00Z"}, {"reason", "it publishes 4 items an hour"}, {"last_error", ""}};
}

json::object bad() {
  return {{"id", "bad"}, {"state", "failing"}, {"items", 0}, {"last_poll", nullptr}, {"reason", "the second failure"}, {"last_error", "connection refused"}};
}

TEST(source_table, trouble_comes_first_with_what_it_was_and_what_comes_next) {
  EXPECT_EQ(source_table({fine(), bad()}, kNow, Terminal()),
            "SOURCE  STATE    ITEMS  UPDATES  DUPLICATES  LAST    NEXT   WHY THEN                      LAST ERROR\n"
            "bad     failing  0                           -       -      the second failure            connection refused\n"
            "fine    ok       3      1        0           1m ago  in 5m  it publishes 4 items an hour  \n"
            "2 sources, 1 in trouble\n");
}

TEST(source_table, errors_take_no_room_where_there_are_none) {
  EXPECT_EQ(source_table({fine()}, kNow, Terminal()),
            "SOURCE  STATE  ITEMS  UPDATES  DUPLICATES  LAST    NEXT   WHY THEN\n"
            "fine    ok     3      1        0           1m ago  in 5m  it publishes 4 items an hour\n"
            "1 source, 0 in trouble\n");
}

TEST(source_table, how_soon_items_come_stands_where_it_is_known) {
  json::object known = fine();
  known["freshness"] = json::object{{"attained_mean_seconds", 600.0}};
  EXPECT_EQ(source_table({known}, kNow, Terminal()),
            "SOURCE  STATE  ITEMS  UPDATES  DUPLICATES  DELAY  LAST    NEXT   WHY THEN\n"
            "fine    ok     3      1        0           10m    1m ago  in 5m  it publishes 4 items an hour\n"
            "1 source, 0 in trouble\n");
}

TEST(source_table, says_who_pushes_and_what_that_has_proven) {
  json::object pushed = fine();
  pushed["push"] = json::array{json::object{{"kind", "WebSub"}, {"hub", "http://h.example/"}, {"state", "active"}, {"lease_end", "2027-01-24T08:00:00Z"},
                                            {"recall", 0.966}, {"pings", 12}, {"bad_signatures", 0}, {"last_error", ""}}};
  EXPECT_EQ(source_table({pushed}, kNow, Terminal()),
            "SOURCE  STATE  ITEMS  UPDATES  DUPLICATES  LAST    NEXT   WHY THEN                      PUSH\n"
            "fine    ok     3      1        0           1m ago  in 5m  it publishes 4 items an hour  WebSub active, lease ends in 9d, recall 97 %\n"
            "1 source, 0 in trouble\n");
  EXPECT_EQ(source_sheet(json::object{{"push", pushed["push"]}}, kNow, Terminal()),
            "push            WebSub active, lease ends in 9d, recall 97 %, http://h.example/, 12 pings\n");
}

TEST(source_table, no_sources_and_answers_of_another_shape_are_survived) {
  EXPECT_NE(source_table({}, kNow, Terminal()).find("0 sources"), std::string::npos);
  EXPECT_NE(source_table({nullptr, 3, json::object{{"id", 7}, {"state", "\x1b[2J"}}}, kNow, Terminal()).find(" [2J"), std::string::npos);
}

TEST(source_table, a_sheet_has_a_line_for_each_thing_that_is_known) {
  EXPECT_EQ(source_sheet(json::object{{"id", "a"}, {"last_poll", "2027-01-15T07:00:00Z"}, {"last_status", 200}, {"next_poll", nullptr}}, kNow, Terminal()),
            "id              a\n"
            "last poll       2027-01-15T07:00:00Z (1h ago)\n"
            "last status     200\n"
            "next poll       -\n");
}

TEST(relative, says_the_largest_unit) {
  EXPECT_EQ(relative(kNow, kNow), "now");
  EXPECT_EQ(relative(kNow + std::chrono::seconds(59), kNow), "in 59s");
  EXPECT_EQ(relative(kNow - std::chrono::minutes(61), kNow), "1h ago");
  EXPECT_EQ(relative(kNow + std::chrono::hours(24 * 40), kNow), "in 40d");
}

}  // namespace
}  // namespace tidings::cli
