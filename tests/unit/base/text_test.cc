#include "base/text.h"

#include <gtest/gtest.h>

namespace tidings::text {
namespace {

TEST(Text, repairs_each_maximal_invalid_sequence_to_one_replacement) {
  EXPECT_EQ(repair_utf8("a\xE2\x82z"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(repair_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a lone surrogate
  EXPECT_EQ(repair_utf8("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
  EXPECT_FALSE(is_valid_utf8("\xC0\x80"));
  EXPECT_TRUE(is_valid_utf8("gr\xC3\xBC\xC3\x9F"));
}

TEST(Text, truncates_between_code_points) {
  EXPECT_EQ(truncate_utf8("gr\xC3\xBC", 3), "gr");
  EXPECT_EQ(truncate_utf8("gr\xC3\xBC", 4), "gr\xC3\xBC");
}

TEST(Text, collapses_white_space) { EXPECT_EQ(collapse_space(" a\t\n b "), "a b"); }

TEST(Text, hex_goes_both_ways) {
  std::uint64_t value = 0;
  EXPECT_TRUE(from_hex(to_hex(std::uint64_t{0x0123456789ABCDEF}), value));
  EXPECT_EQ(value, 0x0123456789ABCDEFu);
  EXPECT_FALSE(from_hex("123", value));
}

TEST(Text, finds_the_nearest_word_and_none_when_far) {
  EXPECT_EQ(nearest("intervall", {"url", "interval", "name"}), "interval");
  EXPECT_EQ(nearest("zzzzzz", {"url", "interval"}), "");
}

TEST(Text, splits_and_keeps_empty_parts) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
}

}  // namespace
}  // namespace tidings::text
