#include "dedup/near_index.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>

namespace tidings::dedup {
namespace {

std::vector<Near> by_loop(std::span<const std::uint64_t> all, std::uint64_t wanted, int max_distance, std::uint32_t first) {
  std::vector<Near> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    int distance = 0;
    for (std::uint64_t differ = all[i] ^ wanted; differ != 0; differ &= differ - 1) ++distance;
    if (distance <= max_distance) out.push_back({first + static_cast<std::uint32_t>(i), distance});
  }
  return out;
}

// Fingerprints of which many are near to `wanted`.
std::vector<std::uint64_t> around(std::mt19937_64& random, std::uint64_t wanted, std::size_t count) {
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t made = random();
    if (random() % 3 == 0) {
      made = wanted;
      for (auto flips = random() % 20; flips > 0; --flips) made ^= std::uint64_t{1} << random() % 64;
    }
    out.push_back(made);
  }
  return out;
}

TEST(NearScanTest, gives_on_every_path_what_a_plain_loop_gives) {
  std::mt19937_64 random(8);
  for (const ScanPath path : scan_paths()) {
    for (std::size_t count = 0; count < 300; count += count < 80 ? 1 : 17) {
      const std::uint64_t wanted = random();
      const auto all = around(random, wanted, count);
      for (const int distance : {0, 1, 3, 7, 16, 33, 64}) {
        std::vector<Near> found;
        scan(all, wanted, distance, 1000, found, path);
        EXPECT_EQ(found, by_loop(all, wanted, distance, 1000)) << name_of(path) << ' ' << count << ' ' << distance;
      }
    }
  }
}

TEST(NearScanTest, starts_at_any_address) {
  std::mt19937_64 random(9);
  const auto all = around(random, 77, 200);
  for (std::size_t skip = 0; skip < 9; ++skip) {
    for (const ScanPath path : scan_paths()) {
      std::vector<Near> found;
      const auto some = std::span(all).subspan(skip);
      scan(some, 77, 16, 0, found, path);
      EXPECT_EQ(found, by_loop(some, 77, 16, 0)) << name_of(path);
    }
  }
}

TEST(NearScanTest, adds_to_what_is_there) {
  std::vector<Near> found{{1, 2}};
  const std::vector<std::uint64_t> all{5};
  scan(all, 5, 0, 9, found);
  EXPECT_EQ(found, (std::vector<Near>{{1, 2}, {9, 0}}));
}

TEST(NearIndexTest, finds_what_a_scan_finds) {
  std::mt19937_64 random(10);
  std::vector<std::uint64_t> all;
  NearIndex index;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    std::uint64_t made = random();
    if (i > 0 && random() % 4 == 0) {
      made = all[random() % all.size()];
      for (auto flips = random() % 5; flips > 0; --flips) made ^= std::uint64_t{1} << random() % 64;
    }
    all.push_back(made);
    index.add(made, i);
  }
  for (int round = 0; round < 1000; ++round) {
    std::uint64_t wanted = all[random() % all.size()];
    for (auto flips = random() % 20; flips > 0; --flips) wanted ^= std::uint64_t{1} << random() % 64;
    for (const int distance : {0, 1, 2, 3, 4, 7, 8, 12, 16, NearIndex::kMaxDistance}) {
      if (distance > 3 && round % 20 != 0) continue;
      std::vector<Near> expected;
      scan(all, wanted, distance, 0, expected);
      ASSERT_EQ(index.near(wanted, distance), expected);
    }
  }
}

TEST(NearIndexTest, forgets_what_is_gone_and_gives_its_memory_back) {
  NearIndex index;
  for (std::uint32_t i = 0; i < 1000; ++i) index.add(42, i);
  index.forget_before(990);
  EXPECT_EQ(index.near(42, 0).size(), 10U);
  const std::size_t before = index.bytes();
  for (std::uint32_t i = 1000; i < 3000; ++i) {
    index.add(42, i);
    index.forget_before(i - 10);
  }
  EXPECT_LE(index.bytes(), before + 4096);
  EXPECT_EQ(index.near(42, 0).size(), 11U);
}

}  // namespace
}  // namespace tidings::dedup
