#pragma once
// The conductor's bounds.

#include <cstddef>

#include "base/clock.h"

namespace tidings::ingest {

struct Options {
  // Sources polled at the same time.
  std::size_t max_polls = 256;
  // Worker threads that parse and fingerprint; 0: as many as the machine has processors.
  std::size_t workers = 0;
  // Responses that wait for a worker or are on one; further polls wait.
  std::size_t max_worker_queue = 64;
  // Requests of one poll, with the follow-ups that its plugin asks for.
  std::size_t max_requests_per_poll = 10;
  // Sources whose state stays in memory though they wait for their next poll, some 3 kB each; that of others is read from
  // the store when they are polled.
  std::size_t max_idle_sources = 20'000;
  // Polls that are remembered, of all sources together, for `tidings why`.
  std::size_t max_poll_log = 20'000;
  // An item counts as late when it came so much later than it could have.
  Millis late_after = std::chrono::minutes(15);
  // An entry whose stated date is older than this when it is first seen is backfill: published and marked, no news and no
  // alert. Shorter takes what a source brings late for its archive; longer takes the last days of a new source for news.
  // 0: nothing is.
  Seconds backfill_age = std::chrono::hours(48);
  // A stop gives polls that are under way so long to end.
  Seconds grace_period{5};
};

}  // namespace tidings::ingest
