#include "schedule/cache_headers.h"

#include <gtest/gtest.h>

namespace tidings::schedule {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

const Time kNow = Time(sys_days(year(2026) / 11 / 24)) + std::chrono::hours(12);

CacheHeaders headers(std::initializer_list<std::pair<std::string_view, std::string_view>> list) {
  CacheHeaders result;
  for (const auto& [name, value] : list) result.add(name, value);
  return result;
}

TEST(CacheHeaders, reads_the_three_formats_of_a_date) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(headers({{"Expires", text}}).expires, Time(sys_days(year(1994) / 11 / 6)) + std::chrono::seconds(8 * 3600 + 49 * 60 + 37)) << text;
  }
}

TEST(CacheHeaders, what_is_no_date_is_expired_already) {
  for (const char* text : {"", "0", "-1", "3600", "yesterday", "Sun, 31 Feb 2026 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT"}) {
    EXPECT_EQ(headers({{"Expires", text}}).fresh_for(kNow), Seconds(0)) << text;
  }
}

TEST(CacheHeaders, max_age_less_age) {
  EXPECT_EQ(headers({{"Cache-Control", "public, max-age=300"}, {"Age", "120"}}).fresh_for(kNow), Seconds(180));
  EXPECT_EQ(headers({{"cache-control", "MAX-AGE=\"60\""}}).fresh_for(kNow), Seconds(60));
  EXPECT_EQ(headers({{"Cache-Control", "max-age=60"}, {"Age", "90"}}).fresh_for(kNow), Seconds(0));
}

TEST(CacheHeaders, max_age_goes_before_expires) {
  EXPECT_EQ(headers({{"Expires", "Tue, 24 Nov 2026 13:00:00 GMT"}, {"Cache-Control", "max-age=10"}}).fresh_for(kNow), Seconds(10));
}

TEST(CacheHeaders, expires_counts_from_the_servers_own_clock) {
  EXPECT_EQ(headers({{"Expires", "Tue, 24 Nov 2026 13:00:00 GMT"}, {"Date", "Tue, 24 Nov 2026 12:50:00 GMT"}}).fresh_for(kNow), Seconds(600));
  EXPECT_EQ(headers({{"Expires", "Tue, 24 Nov 2026 13:00:00 GMT"}}).fresh_for(kNow), Seconds(3600));
  EXPECT_EQ(headers({{"Expires", "0"}}).fresh_for(kNow), Seconds(0));
}

TEST(CacheHeaders, no_cache_and_nonsense_say_nothing) {
  EXPECT_EQ(headers({{"Cache-Control", "no-cache, max-age=300"}}).fresh_for(kNow), std::nullopt);
  EXPECT_EQ(headers({{"Cache-Control", "max-age=5 minutes"}}).fresh_for(kNow), std::nullopt);
  EXPECT_EQ(headers({{"Cache-Control", "max-age=-5,,=,max-age"}}).fresh_for(kNow), std::nullopt);
  EXPECT_EQ(headers({}).fresh_for(kNow), std::nullopt);
}

TEST(CacheHeaders, an_overflow_is_for_ever) {
  EXPECT_EQ(headers({{"Cache-Control", "max-age=99999999999999999999999"}}).fresh_for(kNow), Seconds(0x7FFFFFFF));
}

TEST(CacheHeaders, retry_after_in_seconds_and_as_a_date) {
  EXPECT_EQ(headers({{"Retry-After", " 120 "}}).retry_after(kNow), Seconds(120));
  EXPECT_EQ(headers({{"Retry-After", "Tue, 24 Nov 2026 12:02:00 GMT"}}).retry_after(kNow), Seconds(120));
  EXPECT_EQ(headers({{"Retry-After", "Tue, 24 Nov 2026 11:00:00 GMT"}}).retry_after(kNow), Seconds(0));
  EXPECT_EQ(headers({{"Retry-After", "soon"}}).retry_after(kNow), std::nullopt);
}

}  // namespace
}  // namespace tidings::schedule
