#include "cli/terminal.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace tidings::cli
