#include "dedup/wording.h"

#include <gmock/gmock.h>

#include "made.h"

namespace tidings::dedup {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

Wording compared(const model::Item& a, const model::Item& b, std::size_t most = 20) { return compare_words(a, b, Rarity(), most); }

TEST(WordingTest, tells_shared_and_changed_words_names_and_figures) {
  const auto words = compared(made::item(1, "Bus leaves road", "On Monday a bus near Lindale left the road. Three of 20 passengers were hurt, said Varga."),
                              made::item(2, "Bus accident", "On Monday a bus near Lindale overturned. Five of 21 passengers were hurt, said Alder."));
  EXPECT_THAT(words.shared.names, ElementsAre("Lindale", "Monday"));
  EXPECT_THAT(words.only_first.names, ElementsAre("Varga"));
  EXPECT_THAT(words.only_second.names, ElementsAre("Alder"));
  EXPECT_THAT(words.only_first.figures, ElementsAre("20"));
  EXPECT_THAT(words.only_second.figures, ElementsAre("21"));
  EXPECT_THAT(words.shared.words, Contains("passengers"));
  EXPECT_THAT(words.only_second.words, Contains("overturned"));
  EXPECT_THAT(words.only_first.words, Not(Contains("passengers")));
}

TEST(WordingTest, takes_forms_of_a_word_for_one) {
  const auto words = compared(made::item(1, "", "the divers inspected the harbour"), made::item(2, "", "the divers are inspecting the harbour"));
  EXPECT_THAT(words.shared.words, Contains("inspected"));
  EXPECT_THAT(words.only_second.words, Not(Contains("inspecting")));
}

TEST(WordingTest, keeps_figures_whole) {
  const auto words = compared(made::item(1, "", "a quake of 3.8 with 1,200 hurt."), made::item(2, "", "a quake of 4.1 with 1,200 hurt."));
  EXPECT_THAT(words.shared.figures, ElementsAre("1,200"));
  EXPECT_THAT(words.only_first.figures, ElementsAre("3.8"));
}

TEST(WordingTest, gives_the_rarest_words_first_and_no_more_than_asked_for) {
  Rarity rarity;
  for (std::uint32_t n = 0; n < 500; ++n) rarity.learn(extract(made::item(n, "", "the government said " + made::prose(n, 4)), {}));
  const auto text = made::item(900, "", "the government said glacier");
  const auto words = compare_words(text, text, rarity, 2);
  ASSERT_EQ(words.shared.words.size(), 2U);
  EXPECT_EQ(words.shared.words.front(), "glacier");
}

TEST(WordingTest, reads_scripts_without_spaces_by_pairs) {
  auto a = made::item(1, "", "東京で地震");
  auto b = made::item(2, "", "東京で火災");
  a.language = b.language = "ja";
  const auto words = compared(a, b);
  EXPECT_THAT(words.shared.words, Contains("東京"));
  EXPECT_THAT(words.only_first.words, Contains("地震"));
}

TEST(WordingTest, of_nothing_is_nothing) {
  const auto words = compared(made::item(1, "", ""), made::item(2, "", ""));
  EXPECT_THAT(words.shared.words, IsEmpty());
  EXPECT_THAT(words.only_first.words, IsEmpty());
}

}  // namespace
}  // namespace tidings::dedup
