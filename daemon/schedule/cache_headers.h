#pragma once
// The response headers that say when to ask again: Cache-Control, Age, Expires, Date (RFC 9111) and Retry-After
// (RFC 9110, 10.2.3). Malformed values are passed over, never guessed at; times that overflow are clamped.

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace tidings::schedule {

struct CacheHeaders {
  std::optional<Seconds> max_age;
  std::optional<Seconds> age;
  OptionalTime expires;
  OptionalTime date;
  bool expired = false;   // Expires is there and no date ("0", "-1"): already stale
  bool no_cache = false;  // no-cache or no-store: a stored answer says nothing about the next one
  std::optional<Seconds> retry_after_delay;
  OptionalTime retry_after_date;

  // Takes note of one header; others than these are passed over. Call it for each header of the last response.
  void add(std::string_view name, std::string_view value);

  // How long the answer stays fresh from the moment it was received: max-age less Age, else Expires less Date (or less
  // `now` where no Date is given). Nothing where the headers do not say; never negative.
  std::optional<Seconds> fresh_for(Time now) const;
  // The wait that Retry-After asks for; a date in the past is zero.
  std::optional<Seconds> retry_after(Time now) const;
};

}  // namespace tidings::schedule
