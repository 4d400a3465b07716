#include "dedup/fold.h"

#include <gtest/gtest.h>

#include "made.h"

namespace tidings::dedup {
namespace {

std::u16string folded(std::string_view text) { return fold(text, {}, 1 << 20).text; }

TEST(FoldTest, levels_case_and_accents) {
  EXPECT_EQ(folded("ÉLYSÉE Straße Ångström ЁЛКА"), folded("elysee straße angstrom елка"));
  EXPECT_EQ(folded("Ελλάδα"), folded("ΕΛΛΑΔΑ"));
}

TEST(FoldTest, reads_composed_and_decomposed_letters_alike) { EXPECT_EQ(folded("caf\u00e9"), folded("cafe\u0301")); }

TEST(FoldTest, reads_compatibility_forms_as_what_they_stand_for) { EXPECT_EQ(folded("ＡＢＣ１２３"), folded("abc123")); }

TEST(FoldTest, removes_what_is_not_seen) {
  EXPECT_EQ(folded("min\u00adis\u200bter"), u"minister");
  EXPECT_EQ(folded("\u202ealarm\u202c \u2066test\u2069 \ufeffend"), u"alarm test end");
}

TEST(FoldTest, levels_quotes_dashes_and_spaces) {
  EXPECT_EQ(folded("“Talks” – he said…   again"), folded("\"talks\" - he said... again"));
  EXPECT_EQ(folded("week’s"), folded("week's"));
}

TEST(FoldTest, decodes_markup_and_references) {
  EXPECT_EQ(folded("<p>Black &amp; White</p>&nbsp;caf&#233; &#xe9;t&#xE9;"), u"black white cafe ete");
  EXPECT_EQ(folded("3 < 4 and <MPH>"), u"3 4 and mph");
}

TEST(FoldTest, keeps_points_of_numbers_and_drops_grouping) {
  EXPECT_EQ(folded("1,234,567 and 3.8 and 1.234.567 and 12'000"), u"1234567 and 3.8 and 1234567 and 12000");
}

TEST(FoldTest, cuts_a_figure_from_its_unit) {
  EXPECT_EQ(folded("3bn 20th"), u"3 bn 20 th");
  const Folded text = fold("3bn", {}, 100);
  ASSERT_EQ(text.words.size(), 2U);
  EXPECT_TRUE(text.words[0].number);
  EXPECT_FALSE(text.words[1].number);
}

TEST(FoldTest, takes_each_character_of_scripts_without_spaces_for_a_word) {
  const Folded text = fold("東京タワー", "กรุงเทพ", 1000);
  EXPECT_GE(text.words.size(), 10U);
  for (const Word& word : text.words) EXPECT_TRUE(word.ideograph);
}

TEST(FoldTest, keeps_hangul_syllables_and_arabic_words_whole) {
  EXPECT_EQ(fold("서울 시장", {}, 100).words.size(), 2U);
  EXPECT_EQ(folded("مُحَمَّد"), folded("محمد"));
}

TEST(FoldTest, tells_title_from_body) {
  const Folded text = fold("Two words", "and three more", 1000);
  EXPECT_EQ(text.title_words, 2U);
  EXPECT_EQ(text.words.size(), 5U);
  EXPECT_TRUE(text.words[2].sentence_start);
}

TEST(FoldTest, repairs_utf8_that_was_encoded_twice) {
  EXPECT_EQ(repair_double_encoding("MÃ¼nchen â€œZugâ€\u009d"), "München “Zug”");
  EXPECT_EQ(repair_double_encoding("München São Paulo Ã"), "München São Paulo Ã");
}

TEST(FoldTest, reads_no_more_than_it_is_allowed) {
  const std::string body(10'000, 'x');
  EXPECT_LE(fold("t", body + " tail", 100).text.size(), 200U);
}

TEST(FoldTest, gives_words_that_lie_in_the_text_whatever_the_bytes) {
  made::Random random(1);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (unsigned i = 0, n = random() % 200; i < n; ++i) bytes += static_cast<char>(random() % 4 == 0 ? "<&;#xÃ©"[random() % 9] : static_cast<char>(random()));
    const Folded text = fold(bytes.substr(0, 20), bytes, 4096);
    std::uint32_t end = 0;
    for (const Word& word : text.words) {
      ASSERT_GE(word.begin, end);
      ASSERT_GT(word.size, 0U);
      end = word.begin + word.size;
    }
    ASSERT_LE(end, text.text.size());
    ASSERT_LE(text.title_words, text.words.size());
  }
}

TEST(FoldTest, cuts_a_word_of_ten_megabytes_short) {
  const Folded text = fold({}, std::string(10'000'000, 'a'), 64 * 1024);
  ASSERT_EQ(text.words.size(), 1U);
  EXPECT_LE(text.words[0].size, 64U);
}

}  // namespace
}  // namespace tidings::dedup
