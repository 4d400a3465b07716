#include "dedup/packed.h"

#include <gtest/gtest.h>

#include <set>

#include "made.h"

namespace tidings::dedup {
namespace {

TEST(PackedTest, reads_back_what_was_written) {
  Writer out;
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, ~std::uint64_t{0}}) out.varint(value);
  out.fixed(std::uint32_t{0xDEADBEEF});
  out.key({1, 2});
  out.bytes("abc");
  Reader in(out.view());
  for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128}, ~std::uint64_t{0}}) EXPECT_EQ(in.varint(), value);
  EXPECT_EQ(in.fixed<std::uint32_t>(), 0xDEADBEEFU);
  EXPECT_EQ(in.key(), (Hash128{1, 2}));
  EXPECT_EQ(in.bytes(3), "abc");
  EXPECT_TRUE(in.good());
  EXPECT_TRUE(in.at_end());
}

TEST(PackedTest, reads_back_ascending_numbers) {
  made::Random random(11);
  for (int round = 0; round < 2000; ++round) {
    std::set<std::uint32_t> numbers;
    const std::uint32_t range = 1U << (1 + random() % 27);
    for (unsigned i = 0, n = random() % 200; i < n; ++i) numbers.insert(random() % range);
    const std::vector<std::uint32_t> values(numbers.begin(), numbers.end());
    Writer out;
    out.ascending(values);
    out.byte(0x5A);
    Reader in(out.view());
    ASSERT_EQ(in.ascending(values.size()), values);
    ASSERT_EQ(in.byte(), 0x5AU);
    ASSERT_TRUE(in.good() && in.at_end());
  }
}

TEST(PackedTest, takes_about_log2_of_the_gap_and_two_bits_a_number) {
  made::Random random(12);
  std::set<std::uint32_t> numbers;
  while (numbers.size() < 160) numbers.insert(random() % (160U << 8));
  Writer out;
  out.ascending(std::vector<std::uint32_t>(numbers.begin(), numbers.end()));
  EXPECT_LE(out.view().size(), 160U * 10 / 8 + 12);
}

TEST(PackedTest, says_where_bytes_are_missing) {
  Writer out;
  out.ascending(std::vector<std::uint32_t>{3, 900, 70'000});
  const std::string bytes = std::move(out).take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Reader in(std::string_view(bytes).substr(0, size));
    EXPECT_TRUE(in.ascending(3).empty());
    EXPECT_FALSE(in.good());
  }
  Reader in("\x05");
  EXPECT_EQ(in.bytes(2), "\x05");
  EXPECT_FALSE(in.good());
}

TEST(PackedTest, refuses_a_varint_without_end_and_a_count_too_high) {
  Reader endless(std::string_view("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 11));
  endless.varint();
  EXPECT_FALSE(endless.good());
  Reader high("\x09");
  EXPECT_EQ(high.count(8), 0U);
  EXPECT_FALSE(high.good());
}

TEST(PackedTest, ends_on_any_bytes) {
  made::Random random(13);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes;
    for (unsigned i = 0, n = random() % 40; i < n; ++i) bytes += static_cast<char>(random() % 3 == 0 ? 0xFF : random());
    Reader in(bytes);
    EXPECT_LE(in.ascending(random() % 100).size(), 100U);
  }
}

}  // namespace
}  // namespace tidings::dedup
