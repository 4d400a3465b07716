#include "cli/terminal.h"

#include <gtest/gtest.h>

#include "cli/source_table.h"

namespace tidings::cli {
namespace {

TEST(terminal, width_counts_columns_not_bytes) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("Grüße"), 5U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("🌍"), 2U);
}

TEST(terminal, cut_never_passes_the_columns_nor_breaks_a_character) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 5), "abcd…");
  EXPECT_EQ(cut("日本語です", 6), "日本…");
  EXPECT_EQ(cut("abc", 0), "");
  EXPECT_EQ(fill("日本語", 5), "日本…");
  EXPECT_EQ(fill("日", 4), "日  ");
}

TEST(terminal, what_comes_from_the_web_cannot_steer_the_terminal) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\td\x07"), "a [31mb c d");
  EXPECT_EQ(printable("x\u202Ey\u2066z\u009Bq"), "xyz q");
  EXPECT_EQ(printable("broken \xff byte"), "broken \uFFFD byte");
}

TEST(terminal, colour_only_where_it_is_wanted) {
  EXPECT_EQ(Terminal().paint("x", Colour::red), "x");
  EXPECT_EQ((Terminal{true, true, 80}.paint("x", Colour::red)), "\x1b[31mx\x1b[0m");
  EXPECT_EQ((Terminal{true, true, 80}.paint("", Colour::red)), "");
}

TEST(columns, elastic_ones_give_way_where_the_terminal_is_narrow) {
  Columns columns({{"ID", false}, {"WHY", true}});
  columns.add({{"bbc", Colour::none}, {"a sentence that is far too long for it", Colour::none}});
  EXPECT_EQ(columns.render(Terminal{true, false, 20}), "ID   WHY\nbbc  a sentence tha…\n");
  EXPECT_EQ(columns.render(Terminal()), "ID   WHY\nbbc  a sentence that is far too long for it\n");
}

TEST(source_table, trouble_comes_first_and_times_are_relative) {
  const Time now = from_micros(1'800'000'000'000'000);
  const json::array sources = {
      json::object{{"id", "fine"}, {"state", "ok"}, {"items", 3}, {"updates", 1}, {"duplicates", 0}, {"last_poll", "2027-01-15T07:59:00Z"}, {"next_poll", "2027-01-15T08:05:00Z"}, {"reason", "it publishes 4 items an hour"}, {"last_error", ""}},
      json::object{{"id", "bad"}, {"state", "failing"}, {"items", 0}, {"last_poll", nullptr}, {"last_error", "connection refused"}}};
  const std::string table = source_table(sources, now, Terminal());
  EXPECT_EQ(table,
            "SOURCE  STATE    ITEMS  UPDATES  DUPLICATES  LAST    NEXT   WHY\n"
            "bad     failing  0                           -       -      connection refused\n"
            "fine    ok       3      1        0           1m ago  in 5m  it publishes 4 items an hour\n"
            "2 sources, 1 in trouble\n");
}

}  // namespace
}  // namespace tidings::cli
