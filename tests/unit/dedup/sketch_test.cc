#include "dedup/sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace tidings::dedup {
namespace {

std::vector<Shingle> some(std::mt19937_64& random, std::size_t count) {
  std::vector<Shingle> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(random() | 1);
  return out;
}

TEST(SketchTest, is_ascending_distinct_and_bounded) {
  std::mt19937_64 random(4);
  for (const std::size_t size : {0U, 1U, 10U, 48U, 49U, 500U, 3000U, 20000U}) {
    const auto sketch = make_sketch(some(random, size));
    EXPECT_TRUE(std::is_sorted(sketch.begin(), sketch.end()));
    EXPECT_EQ(std::adjacent_find(sketch.begin(), sketch.end()), sketch.end());
    EXPECT_LE(sketch.size(), kMaxSketch);
    EXPECT_GE(sketch.size(), std::min<std::size_t>(size, kMinSketch) * 9 / 10);
    for (const std::uint32_t hash : sketch) EXPECT_LT(hash, 1U << kSketchBits);
  }
}

TEST(SketchTest, does_not_depend_on_the_order_of_the_text) {
  std::mt19937_64 random(5);
  auto all = some(random, 2000);
  const auto sketch = make_sketch(all);
  std::shuffle(all.begin(), all.end(), random);
  EXPECT_EQ(make_sketch(all), sketch);
}

// Against exact sets: estimates of samples of 48 to 160 members stay within four standard errors.
TEST(SketchTest, tells_containment_and_jaccard_of_exact_sets) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 200; ++round) {
    const std::size_t both = random() % 2000;
    const std::size_t only_a = random() % 1000 + 10;
    const std::size_t only_b = random() % 3000 + 10;
    auto a = some(random, both + only_a);
    std::vector<Shingle> b(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(both));
    const auto more = some(random, only_b);
    b.insert(b.end(), more.begin(), more.end());
    const Overlap found = overlap(make_sketch(a), static_cast<std::uint32_t>(a.size()), make_sketch(b), static_cast<std::uint32_t>(b.size()));
    const double jaccard = static_cast<double>(both) / static_cast<double>(both + only_a + only_b);
    const double containment = static_cast<double>(both) / static_cast<double>(std::min(a.size(), b.size()));
    const double error = std::sqrt(jaccard * (1 - jaccard) / static_cast<double>(kMinSketch));
    EXPECT_NEAR(found.jaccard, jaccard, 4 * error + 0.02);
    const double scale = static_cast<double>(a.size() + b.size()) / static_cast<double>(std::min(a.size(), b.size()));
    EXPECT_NEAR(found.containment, containment, (4 * error + 0.02) * scale);
    EXPECT_LE(found.containment, 1);
  }
}

TEST(SketchTest, is_exact_for_sets_that_it_holds_whole) {
  std::mt19937_64 random(7);
  const auto a = some(random, 30);
  std::vector<Shingle> b(a.begin(), a.begin() + 15);
  const Overlap found = overlap(make_sketch(a), 30, make_sketch(b), 15);
  EXPECT_DOUBLE_EQ(found.jaccard, 0.5);
  EXPECT_DOUBLE_EQ(found.containment, 1);
  EXPECT_EQ(found.support, 15U);
}

TEST(SketchTest, gives_nothing_for_empty_sets) {
  const std::vector<std::uint32_t> one{5};
  EXPECT_EQ(overlap({}, 0, one, 1).containment, 0);
  EXPECT_EQ(overlap({}, 0, {}, 0).jaccard, 0);
}

}  // namespace
}  // namespace tidings::dedup
