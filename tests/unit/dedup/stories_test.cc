#include "dedup/stories.h"

#include <gtest/gtest.h>

#include "made.h"

namespace tidings::dedup {
namespace {

using std::chrono::hours;

// A unit vector of `count` terms from key `from` on.
TermVector vector(std::uint32_t from, std::size_t count) {
  TermVector out;
  for (std::uint32_t i = 0; i < count; ++i) out.push_back({from + i * 7919, 1});
  return unit(out);
}

class StoriesTest : public testing::Test {
 protected:
  std::uint32_t tell(std::uint64_t key, const TermVector& terms, Time now) {
    const std::uint32_t story = stories_.open({key, key}, now);
    stories_.join(story, terms, position_++, now);
    return story;
  }
  Options options_;
  Stories stories_{options_};
  std::uint32_t position_ = 0;
};

TEST_F(StoriesTest, finds_the_story_most_alike) {
  const auto one = tell(1, vector(1, 20), made::kStart);
  const auto two = tell(2, vector(500'000, 20), made::kStart);
  EXPECT_NE(one, two);
  const auto found = stories_.find(vector(1, 20), {}, made::kStart, 3, 0);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].story, one);
  EXPECT_NEAR(found[0].similarity, 1, 1e-5);
}

TEST_F(StoriesTest, likes_a_story_told_of_just_now_better_than_a_quiet_one) {
  tell(1, vector(1, 20), made::kStart);
  const auto soon = stories_.find(vector(1, 20), {}, made::kStart, 1, 0);
  const auto late = stories_.find(vector(1, 20), {}, made::kStart + hours(12), 1, 0);
  ASSERT_EQ(late.size(), 1U);
  EXPECT_LT(late[0].similarity, soon[0].similarity);
  EXPECT_GT(late[0].similarity, soon[0].similarity / 2);
}

TEST_F(StoriesTest, likes_the_story_that_the_news_are_full_of_better) {
  TermVector some = vector(1, 20);
  some.resize(4);
  some = unit(some);
  const auto full = tell(1, vector(1, 20), made::kStart);
  const auto before = stories_.find(some, {}, made::kStart, 1, 0);
  for (int i = 0; i < 10; ++i) stories_.join(full, vector(1, 20), position_++, made::kStart);
  const auto burst = stories_.find(some, {}, made::kStart, 1, 0);
  for (std::uint64_t i = 0; i < 20; ++i) tell(2 + i, vector(static_cast<std::uint32_t>(500'000 + i), 20), made::kStart);
  const auto after = stories_.find(some, {}, made::kStart, 1, 0);
  ASSERT_EQ(before.size() + burst.size() + after.size(), 3U);
  EXPECT_GT(burst[0].similarity, before[0].similarity * 1.2);
  EXPECT_LT(after[0].similarity, before[0].similarity);
}

TEST_F(StoriesTest, counts_what_came_to_a_merged_story_for_the_one_that_it_is_part_of) {
  TermVector some = vector(1, 20);
  some.resize(4);
  some = unit(some);
  const auto one = tell(1, vector(1, 20), made::kStart);
  const auto other = tell(2, vector(1, 20), made::kStart);
  for (int i = 0; i < 10; ++i) stories_.join(other, vector(1, 20), position_++, made::kStart);
  stories_.merge(one, other);
  const auto whole = stories_.find(some, {}, made::kStart, 1, 0);
  for (std::uint64_t i = 0; i < 20; ++i) tell(3 + i, vector(static_cast<std::uint32_t>(500'000 + i), 20), made::kStart);
  const auto after = stories_.find(some, {}, made::kStart, 1, 0);
  ASSERT_EQ(whole.size() + after.size(), 2U);
  EXPECT_EQ(whole[0].story, one);
  EXPECT_GT(whole[0].similarity, after[0].similarity * 1.2);
}

TEST_F(StoriesTest, takes_a_shared_template_for_little) {
  TermVector one;
  TermVector other;
  for (std::uint32_t i = 0; i < 40; ++i) one.push_back({i, 1}), other.push_back({i, 1});
  for (std::uint32_t i = 0; i < 14; ++i) one.push_back({1000 + i, 1.2F}), other.push_back({2000 + i, 1.2F});
  tell(1, unit(one), made::kStart);
  const auto found = stories_.find(unit(other), key_terms(unit(other), {}), made::kStart, 1, 0);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_LT(found[0].similarity, 0.2);
}

TEST_F(StoriesTest, closes_what_was_quiet_too_long_the_quietest_first) {
  tell(1, vector(1, 10), made::kStart);
  tell(2, vector(2, 10), made::kStart + hours(1));
  const auto three = tell(3, vector(3, 10), made::kStart + hours(2));
  stories_.join(stories_.find({1, 1}), {}, 9, made::kStart + hours(3));
  EXPECT_TRUE(stories_.expire(made::kStart + options_.story_idle).empty());
  const auto closed = stories_.expire(made::kStart + options_.story_idle + hours(2) + Seconds(1));
  ASSERT_EQ(closed.size(), 2U);
  EXPECT_EQ(closed[0].key, (Hash128{2, 2}));
  EXPECT_EQ(closed[1].key, (Hash128{3, 3}));
  EXPECT_FALSE(stories_.live(three));
  EXPECT_EQ(stories_.find(Hash128{3, 3}), Stories::kNone);
  EXPECT_TRUE(stories_.find(vector(3, 10), {}, made::kStart + hours(4), 3, 0).size() <= 1);
  EXPECT_EQ(stories_.size(), 1U);
}

TEST_F(StoriesTest, does_not_find_what_is_quiet_too_long_though_not_closed) {
  tell(1, vector(1, 10), made::kStart);
  EXPECT_TRUE(stories_.find(vector(1, 10), {}, made::kStart + options_.story_idle + Seconds(1), 3, 0).empty());
}

TEST_F(StoriesTest, counts_an_outlet_once) {
  const auto story = tell(1, vector(1, 10), made::kStart);
  EXPECT_TRUE(stories_.add_outlet(story, 5));
  EXPECT_FALSE(stories_.add_outlet(story, 5));
  EXPECT_TRUE(stories_.add_outlet(story, 4));
  EXPECT_EQ(stories_.at(story).outlets.size(), 2U);
}

TEST_F(StoriesTest, keeps_a_long_story_bounded) {
  const auto story = tell(1, vector(1, 32), made::kStart);
  for (std::uint32_t i = 0; i < 500; ++i) stories_.join(story, vector(i * 1'000'003, 32), i, made::kStart);
  EXPECT_LE(stories_.at(story).terms.size(), 300U);
  EXPECT_LE(stories_.at(story).recent.all().size(), 12U);
  EXPECT_EQ(stories_.at(story).items, 501U);
}

TEST_F(StoriesTest, gives_the_memory_of_closed_stories_back) {
  std::size_t most = 0;
  for (std::uint32_t i = 0; i < 40'000; ++i) {
    const Time now = made::kStart + std::chrono::minutes(10) * i;
    tell(i, vector(i % 500 * 1'000'003, 32), now);
    stories_.expire(now);
    if (i == 10'000) most = stories_.bytes();
  }
  EXPECT_LE(stories_.bytes(), most * 5 / 4);
  EXPECT_LE(stories_.size(), 1010U);
}

TEST(StoriesBoundTest, closes_the_quietest_where_there_are_too_many) {
  Options options;
  options.max_stories = 10;
  Stories stories(options);
  std::size_t closed = 0;
  for (std::uint32_t i = 0; i < 100; ++i) {
    stories.open({i, i}, made::kStart + Seconds(i));
    for (const ClosedStory& story : stories.expire(made::kStart + Seconds(i))) {
      EXPECT_EQ(story.key, (Hash128{closed, closed}));
      ++closed;
    }
    EXPECT_LE(stories.size(), 10U);
  }
  EXPECT_EQ(closed, 90U);
}

}  // namespace
}  // namespace tidings::dedup
