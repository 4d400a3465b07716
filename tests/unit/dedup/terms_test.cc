#include "dedup/terms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "dedup/cross.h"
#include "made.h"

namespace tidings::dedup {
namespace {

std::vector<Term> terms(std::string_view title, std::string_view body, std::uint32_t language = 1) {
  return find_terms(fold(title, body, 1 << 16), language).terms;
}

std::uint32_t key_of(std::string_view word, std::uint32_t language = 1) {
  const auto found = terms({}, word, language);
  return found.empty() ? 0 : found[0].key;
}

float weight_in(const std::vector<Term>& all, std::uint32_t key) {
  for (const Term& term : all) {
    if (term.key == key) return term.weight;
  }
  return 0;
}

TEST(TermsTest, are_in_order_each_once_and_bounded) {
  const auto all = terms("Title words", made::prose(6, 4000));
  EXPECT_EQ(all.size(), kMaxTerms);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Term& a, const Term& b) { return a.key < b.key; }));
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end(), [](const Term& a, const Term& b) { return a.key == b.key; }), all.end());
}

TEST(TermsTest, weigh_more_in_the_title_as_names_and_repeated) {
  const float plain = weight_in(terms({}, "the quick minister spoke"), key_of("minister"));
  EXPECT_GT(plain, 0);
  EXPECT_GT(weight_in(terms("minister", "the quick one spoke"), key_of("minister")), plain);
  EXPECT_GT(weight_in(terms({}, "the quick Minister spoke"), key_of("minister")), plain);
  EXPECT_GT(weight_in(terms({}, "the minister and the minister"), key_of("minister")), plain);
}

TEST(TermsTest, do_not_take_shouting_for_names) {
  EXPECT_EQ(weight_in(terms({}, "THE QUICK MINISTER SPOKE"), key_of("minister")), weight_in(terms({}, "the quick minister spoke"), key_of("minister")));
}

TEST(TermsTest, of_different_languages_differ) { EXPECT_NE(key_of("gift", 1), key_of("gift", 2)); }

TEST(TermsTest, are_pairs_of_characters_in_scripts_without_spaces) { EXPECT_EQ(terms({}, "東京都知事").size(), 4U); }

TEST(RarityTest, falls_with_every_item_that_says_a_word) {
  Rarity rarity;
  Features features;
  features.language = 3;
  features.terms = {{0x10000000, 1}};
  double last = rarity.of(0x10000000, 3);
  EXPECT_DOUBLE_EQ(last, 1);
  for (int i = 0; i < 50; ++i) {
    rarity.learn(features);
    const double now = rarity.of(0x10000000, 3);
    EXPECT_LT(now, last);
    last = now;
  }
  EXPECT_GT(rarity.of(0x70000000, 3), last);
  EXPECT_GE(last, 0);
}

TEST(RarityTest, does_not_count_what_the_story_has_said) {
  Rarity rarity;
  const std::vector<Term> words{{0x10000000, 1}, {0x20000000, 1}};
  for (int i = 0; i < 20; ++i) rarity.learn(Rarity::slots_of(words), 0, {{0x20000000, 1}});
  EXPECT_LT(rarity.of(0x10000000, 0), rarity.of(0x20000000, 0));
}

TEST(WeighTest, gives_a_unit_vector_of_the_heaviest) {
  const auto vector = weigh(terms("Title words", made::prose(7, 300)), {}, 1, 32);
  EXPECT_EQ(vector.size(), 32U);
  EXPECT_NEAR(cosine(vector, vector), 1, 1e-5);
  EXPECT_TRUE(weigh({}, {}, 1, 32).empty());
}

TEST(WeighTest, comes_back_from_bytes_as_it_went) {
  const auto once = coarsen(weigh(terms("Title words", made::prose(8, 300)), {}, 1, 32));
  EXPECT_EQ(coarsen(once), once);
  EXPECT_EQ(coarse_weight(2), 255);
  EXPECT_EQ(coarse_weight(-1), 0);
}

TEST(CosineTest, is_of_the_shared_terms) {
  const TermVector a{{1, 0.6F}, {2, 0.8F}};
  const TermVector b{{2, 1}};
  EXPECT_NEAR(cosine(a, b), 0.8, 1e-6);
  EXPECT_EQ(shared_keys(a, b), 1U);
  EXPECT_EQ(cosine(a, {}), 0);
}

TEST(FittedTest, asks_less_of_short_texts) {
  EXPECT_DOUBLE_EQ(fitted(0.4, 100, 100), 0.4);
  EXPECT_DOUBLE_EQ(fitted(0.4, 500, 100), 0.4);
  EXPECT_DOUBLE_EQ(fitted(0.4, 25, 100), 0.2);
}

std::uint32_t place(std::string_view text) {
  std::size_t words = 0;
  return place_at(fold({}, text, 100), 0, words);
}

TEST(CrossTest, knows_places_in_many_languages) {
  EXPECT_NE(place("Germany"), 0U);
  for (const char* name : {"Deutschland", "Allemagne", "Alemania", "Германия", "Германии", "ألمانيا", "德国"}) EXPECT_EQ(place(name), place("Germany")) << name;
  EXPECT_NE(place("France"), place("Germany"));
  EXPECT_EQ(place("Minister"), 0U);
}

TEST(CrossTest, knows_names_by_their_consonants) {
  const auto key = [](std::string_view word) {
    const Folded text = fold({}, word, 100);
    return consonant_key(text.word(0));
  };
  EXPECT_EQ(key("Merkel"), key("Меркель"));
  EXPECT_EQ(key("Putin"), key("Путин"));
  EXPECT_EQ(key("Johnson") == key("Merkel"), false);
  EXPECT_EQ(key("aeiou"), 0U);
  EXPECT_EQ(key("東京"), 0U);
}

}  // namespace
}  // namespace tidings::dedup
