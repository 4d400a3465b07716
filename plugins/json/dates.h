#pragma once
// Dates of JSON documents: text as base/date.h reads it, ".NET" dates, and numbers of seconds, milliseconds, ... since 1970.

#include <simdjson.h>
#include <tidings/plugin.h>

#include <cstdint>

#include "json/field.h"

namespace tidings::json_feed {

// What a number means; `automatic` tells it by its size: seconds up to the year 5138, then milliseconds, microseconds,
// nanoseconds. Eight or fourteen digits from 1900 to 2099 are a calendar date.
enum class NumberUnit : std::uint8_t { automatic, seconds, milliseconds, microseconds };

tidings_date read_date(const Field& field, NumberUnit unit, simdjson::dom::element item, Made& made);

}  // namespace tidings::json_feed
