#include "config/units.h"

#include <gtest/gtest.h>

#include "config/url_check.h"

namespace tidings::config {
namespace {

TEST(units, durations_are_sums_from_the_largest_unit_down) {
  EXPECT_EQ(parse_duration("90s"), std::chrono::seconds(90));
  EXPECT_EQ(parse_duration("1h30m"), std::chrono::minutes(90));
  EXPECT_EQ(parse_duration("250ms"), std::chrono::milliseconds(250));
  EXPECT_EQ(parse_duration("7d"), std::chrono::hours(168));
  EXPECT_EQ(parse_duration("0s"), Micros(0));
  for (const char* bad : {"", "s", "5", "5 s", "-5s", "5s5s", "5s1h", "1.5h", "5x", "1h30", "999999999999999999d", "1000000000000d9000000000000h"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(units, a_formatted_duration_reads_back) {
  EXPECT_EQ(format_duration(std::chrono::seconds(90)), "1m30s");
  EXPECT_EQ(format_duration(Micros(0)), "0s");
  for (const std::int64_t us : {1LL, 999LL, 1'000'001LL, 86'400'000'000LL, 9'000'000'000'000'000LL}) {
    EXPECT_EQ(parse_duration(format_duration(Micros(us))), Micros(us));
  }
}

TEST(units, sizes_know_powers_of_1000_and_of_1024) {
  EXPECT_EQ(parse_size("16MiB"), 16 << 20);
  EXPECT_EQ(parse_size("64kB"), 64'000);
  EXPECT_EQ(parse_size("12B"), 12);
  for (const char* bad : {"", "12", "MiB", "1.5MiB", "-1B", "16 MiB", "16mib", "99999999999999GiB"}) EXPECT_FALSE(parse_size(bad)) << bad;
  EXPECT_EQ(format_size(16 << 20), "16MiB");
  EXPECT_EQ(format_size(1000), "1kB");
  EXPECT_EQ(format_size(1001), "1001B");
  EXPECT_EQ(format_size(0), "0B");
}

TEST(url_check, tells_what_is_wrong_with_a_url) {
  for (const char* good : {"http://a", "https://user:pw@example.org:8443/x?y#z", "HTTP://[::1]:80/", "https://bücher.example/"}) {
    EXPECT_EQ(url_flaw(good), "") << good;
  }
  for (const char* bad : {"", "example.org", "//example.org", "ftp://example.org", "http://", "http:///x", "http://:80/", "http://a:0/", "http://a:99999/",
                          "http://a b/", "http://a..b/", "http://.a/", "http://<a>/"}) {
    EXPECT_NE(url_flaw(bad), "") << bad;
  }
}

}  // namespace
}  // namespace tidings::config
