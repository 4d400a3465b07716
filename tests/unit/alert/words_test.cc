#include "alert/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidings::alert {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(std::string_view text) { return Words(text).strings(); }

TEST(Words, parts_at_everything_that_is_no_letter_or_digit) {
  EXPECT_THAT(words("Flood-warning: 3rd, \"U.S.\"  e\xE2\x80\x99mail"), ElementsAre("flood", "warning", "3rd", "u", "s", "e", "mail"));
  EXPECT_THAT(words(" -- !"), ElementsAre());
}

TEST(Words, folds_case_and_diacritics) {
  EXPECT_EQ(words("ÉLYSÉE Straße Łódź Ærø İstanbul ﬁnance"), words("elysee strasse lodz aero istanbul finance"));
  EXPECT_EQ(words("Ελλάδα ΣΕΙΣΜΟΣ σεισμός"), words("ελλαδα σεισμος ΣΕΙΣΜΌΣ"));
  EXPECT_EQ(words("ёлка"), words("ЕЛКА"));
  EXPECT_EQ(words("مُحَمَّد"), words("محمد"));
}

TEST(Words, keeps_what_is_a_letter_of_its_own_to_its_readers) {
  EXPECT_NE(words("мой"), words("мои"));
  EXPECT_NE(words("के"), words("का"));
  EXPECT_NE(words("が"), words("か"));
}

TEST(Words, letters_of_scripts_without_spaces_stand_alone) {
  EXPECT_THAT(words("東京2020オ"), ElementsAre("東", "京", "2020", "オ"));
  EXPECT_THAT(words("서울 시"), ElementsAre("서울", "시"));
}

TEST(Words, takes_any_bytes) {
  EXPECT_THAT(words("a\xFF\xC3z"), ElementsAre("a", "z"));
  EXPECT_EQ(words(std::string(1 << 20, 'x')).size(), 1u);
}

}  // namespace
}  // namespace tidings::alert
