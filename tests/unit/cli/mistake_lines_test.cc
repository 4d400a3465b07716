#include "cli/mistake_lines.h"

#include <gtest/gtest.h>

namespace tidings::cli {
namespace {

std::string lines(const config::Mistake& mistake, const Terminal& terminal, const std::string& line) {
  return mistake_lines({mistake}, terminal, [&](const std::string&, std::uint32_t) { return line; });
}

const Terminal kTerminal{true, false, 40};

TEST(mistake_lines, one_a_mistake_where_no_person_looks) {
  EXPECT_EQ(lines({"a.toml", 3, 9, "it is off", "on"}, Terminal(), "xyz"), "a.toml:3:9: it is off (did you mean 'on'?)\n");
}

TEST(mistake_lines, the_caret_stands_under_the_place_by_columns_of_the_terminal) {
  EXPECT_EQ(lines({"a.toml", 1, 4, "no", ""}, kTerminal, "日本 x"), "a.toml:1:4: no\n    日本 x\n         ^\n");
  EXPECT_EQ(lines({"a.toml", 1, 2, "no", ""}, kTerminal, "\tx"), "a.toml:1:2: no\n     x\n     ^\n");
  EXPECT_EQ(lines({"a.toml", 1, 9, "ends", ""}, kTerminal, "a = "), "a.toml:1:9: ends\n    a = \n        ^\n");
}

TEST(mistake_lines, long_lines_are_cut_and_places_beyond_the_edge_have_no_excerpt) {
  EXPECT_EQ(lines({"a.toml", 1, 1, "no", ""}, kTerminal, std::string(99, 'x')), "a.toml:1:1: no\n    " + std::string(35, 'x') + "…\n    ^\n");
  EXPECT_EQ(lines({"a.toml", 1, 90, "no", ""}, kTerminal, std::string(99, 'x')), "a.toml:1:90: no\n");
}

TEST(mistake_lines, no_excerpt_without_a_place_or_a_readable_line) {
  EXPECT_EQ(lines({"a.toml", 0, 0, "cannot be read", ""}, kTerminal, "x"), "a.toml: cannot be read\n");
  EXPECT_EQ(lines({"a.toml", 1, 1, "no", ""}, kTerminal, ""), "a.toml:1:1: no\n");
  EXPECT_EQ(lines({"a.toml", 1, 1, "no", ""}, kTerminal, "\xff\xff"), "a.toml:1:1: no\n");
  EXPECT_EQ(lines({"a.toml", 1, 2, "no", ""}, kTerminal, "a\x1b[2J"), "a.toml:1:2: no\n    a [2J\n     ^\n");
}

TEST(mistake_lines, the_place_is_bold_in_colour) {
  EXPECT_EQ(lines({"a.toml", 1, 1, "no", ""}, Terminal{false, true, 0}, "x"), "\x1b[1ma.toml:1:1:\x1b[0m no\n");
}

}  // namespace
}  // namespace tidings::cli
