#pragma once
// When to poll: what the user may set. A source's own interval, min_interval and max_interval go before these.

#include "base/clock.h"

namespace tidings::schedule {

struct Options {
  // The budget: requests a second in all, that adaptive polling fills at the most and no burst passes.
  double max_requests_per_second = 20;
  // Polls an hour that a source of one item an hour gets where the budget does not bind; they grow with the square
  // root of the rate. Twice as eager is half the delay at twice the requests.
  double eagerness = 12;
  // The interval of a source of which nothing is known yet, and the longest time that first polls are spread over.
  Millis default_interval = std::chrono::minutes(10);
  // Floor and ceiling of the adaptive interval.
  Millis min_interval = std::chrono::seconds(60);
  Millis max_interval = std::chrono::hours(1);
  // The ceiling rises, up to quiet_interval, in hours of a source so quiet that it would mean more polls an item than this.
  // What is saved where hardly anything is published makes all else fresher.
  double max_polls_per_item = 20;
  Millis quiet_interval = std::chrono::hours(4);
  // A part of the interval, 0 to 0.5, by which polls are moved to and fro so that sources do not fall into step.
  double jitter = 0.05;

  // Politeness to a host (a registrable domain), all its sources together.
  double host_requests_per_second = 1;
  unsigned host_burst = 8;  // requests that may come at once after a quiet time
  unsigned max_fetches_per_host = 2;

  // What the origin asks for is obeyed up to these bounds: freshness by cache headers, ttl and sy:updatePeriod; Retry-After.
  Millis max_hint_wait = std::chrono::hours(6);
  Millis max_retry_after = std::chrono::hours(24);

  // A source that fails is tried again after this time, doubled at each failure up to the maximum.
  Millis backoff_base = std::chrono::seconds(60);
  Millis backoff_max = std::chrono::hours(24);
  // The same for answers that say "too many requests" without a time, and for other 4xx answers.
  Millis refused_base = std::chrono::minutes(15);

  // After so many answers 304, one request goes without validators, to see whether the 304s are true. 0: never.
  unsigned unconditional_check_every = 50;
  // What was published so long ago counts half in the estimate of a source's rate.
  Millis rate_half_life = std::chrono::hours(14 * 24);
};

}  // namespace tidings::schedule
