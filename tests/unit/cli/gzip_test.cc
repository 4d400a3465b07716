#include "cli/gzip.h"

#include <gtest/gtest.h>

#include <string>

namespace tidings::cli {
namespace {

// "<rss>0123456789</rss>"
const std::string kPacked("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xb3\x29\x2a\x2e\xb6\x33\x30\x34\x32\x36"
                          "\x31\x35\x33\xb7\xb0\xb4\xd1\x07\xf1\x01\xcb\x3a\x67\x33\x15\x00\x00\x00",
                          38);
constexpr std::string_view kText = "<rss>0123456789</rss>";

std::string unpacked(const std::string& bytes) {
  const auto out = unpack_gzip(bytes, 1000);
  return out ? std::string(out->view()) : out.error().message();
}

TEST(Gzip, is_unpacked_whole) {
  EXPECT_TRUE(is_gzip(kPacked));
  EXPECT_EQ(unpacked(kPacked), kText);
  EXPECT_EQ(unpacked(kPacked + kPacked), std::string(kText) + std::string(kText));
}

TEST(Gzip, is_unpacked_in_spite_of_what_follows_it) { EXPECT_EQ(unpacked(kPacked + "garbage"), kText); }

TEST(Gzip, gives_what_came_where_it_is_cut_or_its_sum_is_wrong) {
  EXPECT_EQ(unpacked(kPacked.substr(0, kPacked.size() - 4)), kText);
  std::string wrong = kPacked;
  wrong[wrong.size() - 6] ^= 1;
  EXPECT_EQ(unpacked(wrong), kText);
}

TEST(Gzip, is_unpacked_to_its_bound_and_once) {
  EXPECT_EQ(unpack_gzip(kPacked, 20).error().code(), Errc::too_large);
  EXPECT_FALSE(unpack_gzip("\x1f\x8b nothing", 1000));
}

}  // namespace
}  // namespace tidings::cli
