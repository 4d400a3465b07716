#pragma once
// Reads a point in time as feeds write it: RFC 822/2822/5322, RFC 850, asctime, RFC 3339, W3CDTF, ISO 8601 (basic,
// week and ordinal dates), and what is found in the wild: month and day names of many languages, Korean and Chinese
// dates, "2:02 PM", Nate and MS SQL dates, US numeric dates, two-digit years, seconds since 1970. Locale-free, pure.

#include <string_view>

#include "base/clock.h"

namespace tidings {

// The instant in UTC, or nothing where the text names no possible one: never a guess, never now. A date without a
// time is its midnight, one without a zone is UTC. A year, month and day are needed, except that W3CDTF's "2003" and
// "2003-12" are read. Years 1000 to 9999.
OptionalTime parse_date(std::string_view text);

}  // namespace tidings
