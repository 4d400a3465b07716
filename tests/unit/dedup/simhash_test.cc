#include "dedup/simhash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>

#include "made.h"

namespace tidings::dedup {
namespace {

std::uint64_t with_counters(std::span<const Shingle> shingles) {
  std::array<std::int64_t, 64> counters{};
  for (const Shingle shingle : shingles) {
    for (unsigned bit = 0; bit < 64; ++bit) counters[bit] += (shingle >> bit & 1) != 0 ? 1 : -1;
  }
  std::uint64_t out = 0;
  for (unsigned bit = 0; bit < 64; ++bit) out |= std::uint64_t{counters[bit] > 0} << bit;
  return out;
}

TEST(SimhashTest, is_what_sixty_four_counters_give) {
  std::mt19937_64 random(2);
  for (std::size_t size = 0; size < 700; size += size < 70 ? 1 : 37) {
    std::vector<Shingle> shingles;
    for (std::size_t i = 0; i < size; ++i) shingles.push_back(i % 3 == 0 ? random() & random() : random() | random());
    for (std::size_t i = 0; i < size / 3; ++i) shingles[i] = ~std::uint64_t{0};
    EXPECT_EQ(simhash(shingles), with_counters(shingles)) << size;
  }
}

TEST(SimhashTest, is_near_for_copies_and_far_for_other_texts) {
  const std::string text = made::prose(1, 300);
  const auto of = [](const std::string& t) { return simhash(shingles(fold({}, t, 1 << 20))); };
  EXPECT_LE(hamming(of(text), of(text + " Read more on our site.")), 6);
  EXPECT_GE(hamming(of(text), of(made::prose(2, 300))), 18);
}

TEST(ShinglesTest, are_each_there_once) {
  const auto all = shingles(fold({}, made::prose(3, 200) + made::prose(3, 200), 1 << 20));
  EXPECT_EQ(std::set<Shingle>(all.begin(), all.end()).size(), all.size());
}

TEST(ShinglesTest, are_every_run_of_six_characters) {
  EXPECT_EQ(shingles(fold({}, "abcde", 100)).size(), 1U);  // with the space behind it
  EXPECT_EQ(shingles(fold({}, "abcde fghij", 100)).size(), 7U);
  const auto whole = shingles(fold({}, "one two three", 100));
  const auto part = shingles(fold({}, "two three", 100));
  for (const Shingle shingle : part) EXPECT_NE(std::find(whole.begin(), whole.end(), shingle), whole.end());
}

TEST(ShinglesTest, are_pairs_in_scripts_without_spaces) {
  EXPECT_EQ(shingles(fold({}, "東京都知事", 100)).size(), 4U);
  EXPECT_EQ(shingles(fold({}, "東京東京東", 100)).size(), 2U);
}

TEST(ShinglesTest, are_none_of_a_text_that_is_too_short) {
  EXPECT_TRUE(shingles(fold({}, "Live", 100)).empty());
  EXPECT_TRUE(shingles(fold({}, "", 100)).empty());
}

}  // namespace
}  // namespace tidings::dedup
