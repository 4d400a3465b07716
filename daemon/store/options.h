#pragma once
// The store: where it is and how much it keeps. Limits of what waits to be published are the bound of backpressure.

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace tidings::store {

struct Options {
  // The SQLite file. Beside it: PATH-wal and PATH-shm (SQLite's), PATH.lock (one process only), PATH.id (the store's name,
  // which outlives a file that had to be replaced).
  std::string path = "tidings.db";

  // Published outbox rows are kept so that Redis can be filled again after a loss: until they are older than this and not
  // among the newest outbox_min_rows of their stream.
  Seconds outbox_retention = std::chrono::hours(24);
  std::uint64_t outbox_min_rows = 10'000;
  // ... but for all streams together no more than this; the oldest published rows go first.
  std::uint64_t outbox_kept_bytes = std::uint64_t{8} << 30;

  // Rows that wait to be published, all streams together: pressure() is 1 where either is reached, and polling stops.
  std::uint64_t max_outbox_rows = 2'000'000;
  std::uint64_t max_outbox_bytes = std::uint64_t{4} << 30;

  // Items that no document has shown for so long are forgotten; should one come back it is new.
  Seconds item_retention = std::chrono::hours(90 * 24);
  // Deliveries that ended are kept for so long, as history and so that the same alert is not sent twice.
  Seconds delivery_retention = std::chrono::hours(14 * 24);
  Millis purge_interval = std::chrono::seconds(60);

  // Rows that were just committed are kept in memory up to this for each stream, and published from there.
  std::uint64_t fresh_bytes = std::uint64_t{4} << 20;

  // Batches that wait for the writer; pressure() is 1 above it.
  std::uint64_t max_waiting_batches = 4096;
  // What polls that found nothing have taught (times, counters) waits so long for company: a crash may lose it, and the
  // sources are then polled a little early.
  Millis state_delay = std::chrono::seconds(5);
  // A full disk is tried again after this time.
  Millis retry_interval = std::chrono::seconds(1);
  // Files up to this size are checked whole at the start (about 1 s a GB); greater ones as they are read.
  std::uint64_t check_max_bytes = std::uint64_t{256} << 20;
};

}  // namespace tidings::store
