#include "dedup/figures.h"

#include <gtest/gtest.h>

namespace tidings::dedup {
namespace {

std::vector<Figure> figures(std::string_view title, std::string_view body = {}) { return find_figures(fold(title, body, 1 << 16)); }
std::vector<float> values(std::string_view text) {
  std::vector<float> out;
  for (const Figure& figure : figures({}, text)) out.push_back(figure.value);
  return out;
}
std::string changes(std::string_view from, std::string_view to) {
  return in_words(match_figures(figures({}, from), figures({}, to)).changed);
}

TEST(FiguresTest, are_read_from_digits_and_words) {
  EXPECT_EQ(values("At least 3 dead, 1,200 hurt, up 3.5 percent"), (std::vector<float>{3, 1200, 3.5}));
  EXPECT_EQ(values("At least seven dead"), (std::vector<float>{7}));
  EXPECT_EQ(values("Mindestens sieben Tote"), (std::vector<float>{7}));
  EXPECT_EQ(values("Погибли семь человек"), (std::vector<float>{7}));
}

TEST(FiguresTest, with_more_points_are_read_without_them) { EXPECT_EQ(values("finished in 2.32.34 hours"), std::vector<float>{23234}); }

TEST(FiguresTest, leave_out_what_stands_alone) { EXPECT_TRUE(values("7.").empty()); }

TEST(FiguresTest, change_in_the_same_context) {
  EXPECT_EQ(changes("At least 3 people died in the storm", "At least 7 people died in the storm"), "3 -> 7");
  EXPECT_EQ(changes("At least three people died in the storm", "At least seven people died in the storm"), "3 -> 7");
  EXPECT_EQ(changes("At least 3 people died", "At least 3 people died"), "");
}

TEST(FiguresTest, do_not_change_where_the_context_is_another) { EXPECT_EQ(changes("About 3 goals were scored", "Over 7 trains ran late"), ""); }

TEST(FiguresTest, change_though_another_sentence_stands_before_them) {
  EXPECT_EQ(changes("Rates rise to 6.45 percent", "More details were given. Rates rise to 15.45 percent"), "6.45 -> 15.45");
}

TEST(FiguresTest, have_no_context_beyond_the_title) {
  const auto a = figures("Bank pays up to 6 percent", "First words");
  const auto b = figures("Bank pays up to 9 percent", "Other words");
  EXPECT_EQ(in_words(match_figures(a, b).changed), "6 -> 9");
}

TEST(FiguresTest, may_change_side_by_side) {
  EXPECT_EQ(changes("They won by 3 to 2 on Monday", "They won by 4 to 1 on Monday"), "3 -> 4, 2 -> 1");
}

TEST(FiguresTest, that_stand_twice_are_the_same_where_one_of_them_is) {
  EXPECT_EQ(changes("It had 3 legs. It had 5 legs.", "It had 5 legs. It had 3 legs."), "");
}

TEST(FiguresTest, are_bounded) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "about " + std::to_string(i) + " of them ";
  EXPECT_LE(values(text).size(), kMaxFigures);
}

}  // namespace
}  // namespace tidings::dedup
