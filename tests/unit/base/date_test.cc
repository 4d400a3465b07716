#include "base/date.h"

#include <gtest/gtest.h>

#include <string>

namespace tidings {
namespace {

std::string read(std::string_view text) {
  const OptionalTime time = parse_date(text);
  if (!time) return "unknown";
  const auto day = std::chrono::floor<std::chrono::days>(*time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(*time - day);
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u %02ld:%02ld:%02ld", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                clock.minutes().count(), clock.seconds().count());
  return out;
}

struct Case {
  const char* text;
  const char* want;
};

class Dates : public testing::TestWithParam<Case> {};

TEST_P(Dates, are_read_as_meant) { EXPECT_EQ(read(GetParam().text), GetParam().want) << GetParam().text; }

INSTANTIATE_TEST_SUITE_P(rfc_822, Dates, testing::Values(
    Case{"Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01 19:48:21"},
    Case{"Thu, 1 Jan 2004 19:48 EST", "2004-01-02 00:48:00"},
    Case{"01 Jan 2004 19:48:21 +0530", "2004-01-01 14:18:21"},
    Case{"Thu,01 Jan 04 19:48:21 PDT", "2004-01-02 02:48:21"},
    Case{"Thu, 01 Jan 2004 19:48:21 (a comment)", "2004-01-01 19:48:21"},
    Case{"Thursday, January 1, 2004 7:48:21 p.m. CET", "2004-01-01 18:48:21"},
    Case{"Jan 1, 2004 12:05 AM", "2004-01-01 00:05:00"},
    Case{"01 Jan 2004 14:02 PM", "2004-01-01 14:02:00"},
    Case{"Thu, 01 Jan 104 00:00:00 Z", "2004-01-01 00:00:00"},
    Case{"15 Sep 2006", "2006-09-15 00:00:00"},
    Case{"Sat, 01-Sep-07 10:00:00 GMT", "2007-09-01 10:00:00"},
    Case{"Wed, 31 Dec 1969 23:59:60 GMT", "1970-01-01 00:00:00"},
    Case{"Mon, 02 Feb 2015 10:00:00 GMT+2", "2015-02-02 08:00:00"},
    Case{"Mon, 02 Feb 2015 10:00:00 UTC -0300", "2015-02-02 13:00:00"},
    Case{"Mon, 02 Feb 2015 10:00:00 XYZ", "2015-02-02 10:00:00"},
    Case{"Sept. 3, 2012 08:00 AEST", "2012-09-02 22:00:00"}));

// The way that most take has a path of its own; what is a little off it must come to the same.
INSTANTIATE_TEST_SUITE_P(rfc_822_nearly, Dates, testing::Values(
    Case{"Thu, 1 Jan 2004 19:48:21 GMT", "2004-01-01 19:48:21"},
    Case{"thu, 01 jan 2004 19:48:21 GMT", "2004-01-01 19:48:21"},
    Case{"1 Jan 2004 19:48:21 +0000", "2004-01-01 19:48:21"},
    Case{"Thu, 01 Jan 2004 19:48 -0800", "2004-01-02 03:48:00"},
    Case{"Thu, 01 Jan 2004 19:48:21 gmt", "2004-01-01 19:48:21"},
    Case{"Thu, 01 Jan 2004 19:48:21  GMT", "2004-01-01 19:48:21"},
    Case{"Thu, 01 January 2004 19:48:21 GMT", "2004-01-01 19:48:21"},
    Case{"Thu, 01 Jan 2004 9:48:21 GMT", "2004-01-01 09:48:21"},
    Case{"Thu, 01 Jan 2004 19:48:21 +05:30", "2004-01-01 14:18:21"},
    Case{"Thu, 01 Jan 2004 19:48:21 +530", "2004-01-01 14:18:21"},
    Case{"Thu, 01 Jan 2004 19:48:60 GMT", "2004-01-01 19:49:00"},
    Case{"Thu, 01 Jan 2004 24:00:00 GMT", "2004-01-02 00:00:00"},
    Case{"Thu, 01 Jan 2004 19:48:21.123 GMT", "2004-01-01 19:48:21"},
    Case{"Thu, 01 Jan 2004", "2004-01-01 00:00:00"},
    Case{"Thu, 31 Feb 2004 19:48:21 GMT", "unknown"},
    Case{"Thu, 01 Jan 2004 25:48:21 GMT", "unknown"},
    Case{"Fri, 29 Feb 2008 10:00:00 GMT", "2008-02-29 10:00:00"}));

INSTANTIATE_TEST_SUITE_P(zone_names, Dates, testing::Values(
    Case{"01 Jan 2004 12:00:00 UT", "2004-01-01 12:00:00"}, Case{"01 Jan 2004 12:00:00 A", "2004-01-01 12:00:00"},
    Case{"01 Jan 2004 12:00:00 EDT", "2004-01-01 16:00:00"}, Case{"01 Jan 2004 12:00:00 CST", "2004-01-01 18:00:00"},
    Case{"01 Jan 2004 12:00:00 MDT", "2004-01-01 18:00:00"}, Case{"01 Jan 2004 12:00:00 AKST", "2004-01-01 21:00:00"},
    Case{"01 Jan 2004 12:00:00 HST", "2004-01-01 22:00:00"}, Case{"01 Jan 2004 12:00:00 NST", "2004-01-01 15:30:00"},
    Case{"01 Jan 2004 12:00:00 BRT", "2004-01-01 15:00:00"}, Case{"01 Jan 2004 12:00:00 BST", "2004-01-01 11:00:00"},
    Case{"01 Jan 2004 12:00:00 MESZ", "2004-01-01 10:00:00"}, Case{"01 Jan 2004 12:00:00 EEST", "2004-01-01 09:00:00"},
    Case{"01 Jan 2004 12:00:00 MSK", "2004-01-01 09:00:00"}, Case{"01 Jan 2004 12:00:00 IRST", "2004-01-01 08:30:00"},
    Case{"01 Jan 2004 12:00:00 PKT", "2004-01-01 07:00:00"}, Case{"01 Jan 2004 12:00:00 IST", "2004-01-01 06:30:00"},
    Case{"01 Jan 2004 12:00:00 NPT", "2004-01-01 06:15:00"}, Case{"01 Jan 2004 12:00:00 WIB", "2004-01-01 05:00:00"},
    Case{"01 Jan 2004 12:00:00 HKT", "2004-01-01 04:00:00"}, Case{"01 Jan 2004 12:00:00 KST", "2004-01-01 03:00:00"},
    Case{"01 Jan 2004 12:00:00 ACST", "2004-01-01 02:30:00"}, Case{"01 Jan 2004 12:00:00 AEDT", "2004-01-01 01:00:00"},
    Case{"01 Jan 2004 12:00:00 NZDT", "2003-12-31 23:00:00"}, Case{"01 Jan 2004 12:00:00 Etc/GMT", "2004-01-01 12:00:00"}));

INSTANTIATE_TEST_SUITE_P(two_digit_years, Dates, testing::Values(
    Case{"01 Jan 49 00:00:00 GMT", "2049-01-01 00:00:00"}, Case{"01 Jan 50 00:00:00 GMT", "1950-01-01 00:00:00"},
    Case{"Thu, 01-Jan-99 10:00:00 GMT", "1999-01-01 10:00:00"}, Case{"9/15/06 8:19 PM", "2006-09-15 20:19:00"}));

INSTANTIATE_TEST_SUITE_P(far_in_the_future, Dates, testing::Values(
    Case{"Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31 23:59:59"}, Case{"2999-01-01T00:00:00Z", "2999-01-01 00:00:00"}));

INSTANTIATE_TEST_SUITE_P(iso_8601, Dates, testing::Values(
    Case{"2003-12-31T10:14:55Z", "2003-12-31 10:14:55"},
    Case{"2003-12-31T10:14:55.123456789-08:00", "2003-12-31 18:14:55"},
    Case{"2003-12-31 10:14:55+0100", "2003-12-31 09:14:55"},
    Case{"2003-12-31T10:14+01", "2003-12-31 09:14:00"},
    Case{"2003-12-31", "2003-12-31 00:00:00"},
    Case{"2003-12", "2003-12-01 00:00:00"},
    Case{"2003", "2003-01-01 00:00:00"},
    Case{"2020-11-1", "2020-11-01 00:00:00"},
    Case{"20031231T101455Z", "2003-12-31 10:14:55"},
    Case{"20031231", "2003-12-31 00:00:00"},
    Case{"20031231101455", "2003-12-31 10:14:55"},
    Case{"2003-365", "2003-12-31 00:00:00"},
    Case{"2004-W01-1", "2003-12-29 00:00:00"},
    Case{"2009W537T120000Z", "2010-01-03 12:00:00"},
    Case{"2003-12-31T24:00:00Z", "2004-01-01 00:00:00"},
    Case{"2003-12-31 10:14:55 PST", "2003-12-31 18:14:55"},
    Case{"2003-12-31T10:14:55 GMT", "2003-12-31 10:14:55"},
    Case{"1072865695", "2003-12-31 10:14:55"},
    Case{"1072865695000", "2003-12-31 10:14:55"}));

INSTANTIATE_TEST_SUITE_P(in_the_wild, Dates, testing::Values(
    Case{"Sun Jan  4 16:29:06 2004", "2004-01-04 16:29:06"},
    Case{"Sun Jan 4 16:29:06 PST 2004", "2004-01-05 00:29:06"},
    Case{"2004년 05월 28일  01:31:15", "2004-05-28 01:31:15"},
    Case{"2004-05-25 오후 11:23:17", "2004-05-25 23:23:17"},
    Case{"2004-05-25 오전 12:23:17", "2004-05-25 00:23:17"},
    Case{"2004-05-28 PM 1:31:15", "2004-05-28 13:31:15"},
    Case{"2004-07-08 23:56:58.123", "2004-07-08 23:56:58"},
    Case{"Τετ, 07 Ιανουαρίου 2004 12:00:00 GMT", "2004-01-07 12:00:00"},
    Case{"Δευ, 05 Δεκ 2005 12:00:00 EET", "2005-12-05 10:00:00"},
    Case{"2004-szeptember-13T9:15Z", "2004-09-13 09:15:00"},
    Case{"2005-október-3T09:15+02:00", "2005-10-03 07:15:00"},
    Case{"2004/05/25 10:00", "2004-05-25 10:00:00"},
    Case{"Wednesday, 25-May-04 10:00:00 GMT", "2004-05-25 10:00:00"},
    Case{"2004年5月25日 10:00", "2004-05-25 10:00:00"},
    Case{"2004-07-08 23:56:58.0", "2004-07-08 23:56:58"},
    Case{"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11 17:00:00"},
    Case{"Σαβ, 10 ΙΟΥΛ 2004 12:00:00 GMT", "2004-07-10 12:00:00"},
    Case{"2004-július-13T9:15-05:00", "2004-07-13 14:15:00"},
    Case{"Fri, 2006/09/15 08:19:53 EDT", "2006-09-15 12:19:53"},
    Case{"9/15/2006 8:19 PM", "2006-09-15 20:19:00"},
    Case{"15/9/2006", "2006-09-15 00:00:00"},
    Case{"15.09.2006 08:19", "2006-09-15 08:19:00"},
    Case{"Do, 15 März 2012 10:00:00 +0100", "2012-03-15 09:00:00"},
    Case{"mar. 4 mars 2014 10:00", "2014-03-04 10:00:00"},
    Case{"lun, 15 dic 2014 10:00:00 -0300", "2014-12-15 13:00:00"},
    Case{"Пт, 14 ноя 2014 10:00:00 +0300", "2014-11-14 07:00:00"}));

INSTANTIATE_TEST_SUITE_P(impossible_or_unknown, Dates, testing::Values(
    Case{"", "unknown"}, Case{"yesterday", "unknown"}, Case{"Thu, 32 Jan 2004 19:48:21 GMT", "unknown"},
    Case{"30 Feb 2004", "unknown"}, Case{"2003-13-01", "unknown"}, Case{"2003-12-31T25:00:00Z", "unknown"},
    Case{"Thu, 01 Jan 2004 19:61:21 GMT", "unknown"}, Case{"19:48:21", "unknown"}, Case{"Thu, 01 Jan", "unknown"},
    Case{"0000-00-00 00:00:00", "unknown"}, Case{"99999999999999999999", "unknown"}, Case{"-1", "unknown"},
    Case{"2003-W54-1", "unknown"}, Case{"2003-366", "unknown"}, Case{"Mon, 31 Nov 2014 00:00:00 GMT", "unknown"}));

TEST(Date, keeps_microseconds) {
  const OptionalTime time = parse_date("1970-01-01T00:00:01.5Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_micros(*time), 1'500'000);
}

TEST(Date, passes_over_text_that_is_too_long_for_a_date) {
  EXPECT_FALSE(parse_date("2003-12-31" + std::string(1000, ' ') + "x"));
}

}  // namespace
}  // namespace tidings
