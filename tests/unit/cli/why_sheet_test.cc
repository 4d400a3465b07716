#include "cli/why_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidings::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

const Time kNow = from_micros(1'800'000'000'000'000);  // 2027-01-15T08:00:00Z

TEST(why_sheet, says_the_reason_the_host_and_the_last_polls) {
  const json::object answer{
      {"id", "wire"},
      {"state", "ok"},
      {"url", "https://example.org/feed"},
      {"next_poll", "2027-01-15T08:05:00Z"},
      {"reason", "square-root rule at 4.2 items/h: 180 s, moved by Cache-Control or Expires to 300 s"},
      {"host", {{"name", "example.org"}, {"requests_per_second", 0.5}, {"rate_limited", true}, {"in_flight", 1}, {"blocked_until", "2027-01-15T09:00:00Z"}}},
      {"schedule", {{"items_per_hour", 4.2}, {"kappa", 12}, {"hours_working_days_utc", {0.5, 1, 0}}, {"hours_weekend_utc", json::array{}}}},
      {"last_polls",
       {{{"started", "2027-01-15T07:59:00Z"}, {"status", 200}, {"new_items", 3}, {"took_seconds", 0.25}, {"why", "first poll since the start"},
         {"held", "the rate of requests to its host"}, {"late_seconds", 12}},
        {{"started", "2027-01-15T07:00:00Z"}, {"status", 0}, {"took_seconds", 30}, {"why", "backoff"}, {"trouble", "timed out"}}}}};
  const std::string sheet = why_sheet(answer, kNow, Terminal());
  EXPECT_THAT(sheet, HasSubstr("next poll     2027-01-15T08:05:00Z (in 5m)"));
  EXPECT_THAT(sheet, HasSubstr("because       square-root rule at 4.2 items/h"));
  EXPECT_THAT(sheet, HasSubstr("example.org: 0.5 requests a second (lowered: it said too many), 1 under way, left alone by Retry-After"));
  EXPECT_THAT(sheet, HasSubstr("Mon-Fri 590"));
  EXPECT_THAT(sheet, HasSubstr("1m ago   200     3    0.25 s  first poll since the start; then held 12 s by: the rate of requests to its host"));
  EXPECT_THAT(sheet, HasSubstr("backoff; failed: timed out"));
}

TEST(why_sheet, a_source_of_which_little_is_known_and_text_that_would_move_the_cursor) {
  const std::string sheet = why_sheet({{"id", "\x1b[2Jnew"}, {"last_polls", json::array{}}}, kNow, Terminal());
  EXPECT_THAT(sheet, Not(HasSubstr("\x1b")));
  EXPECT_THAT(sheet, HasSubstr("next poll     never"));
  EXPECT_THAT(sheet, HasSubstr("no poll of it is remembered"));
}

}  // namespace
}  // namespace tidings::cli
