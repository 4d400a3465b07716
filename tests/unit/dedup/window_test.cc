#include "dedup/window.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "made.h"

namespace tidings::dedup {
namespace {

TEST(KeyTableTest, finds_the_latest_position_under_each_tag) {
  made::Random random(15);
  KeyTable table;
  std::map<std::uint32_t, std::uint32_t> truth;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const std::uint32_t tag = 1 + random() % 8000 * 500'000;
    table.put(tag, i);
    truth[tag] = i;
  }
  for (const auto& [tag, position] : truth) EXPECT_EQ(table.find(tag), position);
  EXPECT_EQ(table.find(2), KeyTable::kNone);
  EXPECT_EQ(table.find(0), KeyTable::kNone);
}

TEST(KeyTableTest, holds_tags_that_meet_at_its_end) {
  KeyTable table;
  for (std::uint32_t i = 0; i < 500; ++i) table.put(UINT32_MAX - i, i);
  for (std::uint32_t i = 0; i < 500; ++i) EXPECT_EQ(table.find(UINT32_MAX - i), i);
}

TEST(KeyTableTest, is_quick_with_tags_that_count_up) {
  KeyTable table;
  for (std::uint32_t i = 1; i < 300'000; ++i) table.put(i, i);  // minutes, should they all meet in one place
  EXPECT_EQ(table.find(299'999), 299'999U);
}

TEST(KeyTableTest, stays_as_large_as_what_is_live) {
  KeyTable table;
  made::Random random(16);
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    table.put(static_cast<std::uint32_t>(random()) | 1, i);
    table.forget_before(i > 1000 ? i - 1000 : 0);
  }
  EXPECT_LE(table.bytes(), 4000U * 8);
}

struct Told {
  Kept kept;
  ItemKeys keys;
  std::string copy;
};

Told told(std::uint32_t n, std::uint32_t seen) {
  const auto item = made::item(n, made::prose(n, 6), made::prose(n + 1'000'000, 40 + n % 200));
  const Features features = extract(item, {});
  Told out;
  out.kept.item = item_key(item.id);
  out.kept.head = out.kept.item.low;
  out.kept.seen = seen;
  out.keys = keys_of(features);
  out.keys.url = hash64(item.id) | 1;
  out.copy = pack(copy_features(features));
  return out;
}

TEST(WindowTest, gives_back_what_it_holds_and_forgets_the_oldest) {
  Window window(16, 1000);
  std::vector<Told> all;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    all.push_back(told(i, 1000 + i));
    EXPECT_EQ(window.add(all.back().kept, all.back().keys, all.back().copy), i);
    if (i % 7 == 0) window.expire(1000 + (i > 900 ? i - 900 : 0), 1'000'000);
  }
  window.expire(1000 + 2500, 1'000'000);
  EXPECT_EQ(window.size(), 500U);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    EXPECT_EQ(window.holds(i), i >= 2500);
    const std::uint32_t expected = i >= 2500 ? i : KeyTable::kNone;
    EXPECT_EQ(window.by_item(all[i].kept.item), expected);
    EXPECT_EQ(window.by_url(all[i].keys.url), expected);
    EXPECT_EQ(window.by_text(all[i].keys.text), expected);
    EXPECT_EQ(window.by_title(all[i].keys.title), expected);
    if (i < 2500) continue;
    EXPECT_EQ(pack(window.features(i)), all[i].copy);
    EXPECT_EQ(window.features(i).simhash, all[i].keys.simhash);
    EXPECT_EQ(window.at(i).seen, 1000 + i);
  }
}

TEST(WindowTest, finds_near_fingerprints_as_a_loop_does_whatever_left) {
  for (const auto& [distance, most] : {std::pair{3, 1000U}, std::pair{16, 1000U}, std::pair{16, 5'000'000U}}) {
    Window window(distance, most);
    std::mt19937_64 random(17);
    std::vector<std::uint64_t> all;
    for (std::uint32_t i = 0; i < 30'000; ++i) {
      std::uint64_t made = random();
      if (i > 0 && random() % 3 == 0) made = all[all.size() - 1 - random() % std::min<std::size_t>(all.size(), 5000)] ^ (random() & random() & random() & random());
      all.push_back(made);
      Kept kept;
      kept.item = {i, hash64(std::to_string(i))};
      kept.seen = i;
      ItemKeys keys;
      keys.simhash = made;
      window.add(kept, keys, "");
      window.expire(i > 10'000 ? i - 10'000 : 0, 1'000'000);
      if (i % 500 != 499) continue;
      std::vector<Near> expected;
      const std::uint32_t first = i > 10'000 ? i - 10'000 : 0;
      for (std::uint32_t k = first; k <= i; ++k) {
        const int bits = std::popcount(all[k] ^ made);
        if (bits <= distance) expected.push_back({k, bits});
      }
      EXPECT_EQ(window.near(made), expected);
    }
  }
}

TEST(WindowTest, holds_no_more_than_max_items) {
  Window window(16, 1000);
  for (std::uint32_t i = 0; i < 500; ++i) {
    const Told one = told(i, 5);
    window.add(one.kept, one.keys, one.copy);
    window.expire(0, 100);
    EXPECT_LE(window.size(), 100U);
  }
  EXPECT_TRUE(window.holds(400));
  EXPECT_FALSE(window.holds(399));
}

TEST(WindowTest, gives_the_memory_of_what_left_back) {
  Window window(16, 1000);
  std::size_t most = 0;
  for (std::uint32_t i = 0; i < 60'000; ++i) {
    Kept kept;
    kept.item = {i, i * 0x9E3779B97F4A7C15U};
    kept.seen = i;
    window.add(kept, {i | 1, hash64(std::to_string(i)), 0, i}, std::string(200, 'x'));
    window.expire(i > 5000 ? i - 5000 : 0, 1'000'000);
    if (i == 20'000) most = window.bytes();
  }
  EXPECT_LE(window.bytes(), most * 5 / 4);
}

TEST(WindowTest, starts_anew_when_all_has_left) {
  Window window(16, 1000);
  const Told one = told(1, 5);
  window.add(one.kept, one.keys, one.copy);
  window.expire(10, 100);
  EXPECT_EQ(window.size(), 0U);
  EXPECT_TRUE(window.near(one.keys.simhash).empty());
  EXPECT_EQ(window.add(one.kept, one.keys, one.copy), 1U);
  EXPECT_EQ(window.by_item(one.kept.item), 1U);
  EXPECT_EQ(window.near(one.keys.simhash).size(), 1U);
}

}  // namespace
}  // namespace tidings::dedup
