#pragma once
// What a publisher counts; each alarm has a metric of its own.

#include <fmt/format.h>

#include <string>

#include "base/metrics.h"

namespace tidings::publish {

struct Meters {
  Meters(Metrics& metrics, const std::string& stream)
      : labels(fmt::format("stream=\"{}\"", stream)),
        rows(metrics.counter("tidings_published_rows_total", "Outbox rows appended to their stream", labels)),
        damaged(metrics.counter("tidings_publish_damaged_rows_total", "Outbox rows passed over because their bytes are damaged", labels)),
        retries(metrics.counter("tidings_publish_retries_total", "Appends that Redis put off (out of memory, loading, ...)", labels)),
        reconnects(metrics.counter("tidings_publish_connects_total", "Connections made to Redis", labels)),
        resets(metrics.counter("tidings_stream_resets_total", "The stream was found empty or older than the outbox", labels)),
        lost(metrics.counter("tidings_stream_lost_rows_total", "Rows that a reset took and that are no longer in the outbox", labels)),
        tail_losses(metrics.counter("tidings_stream_tail_losses_total", "Redis had lost the end of the stream; rows were sent again", labels)),
        foreign(metrics.counter("tidings_stream_foreign_writes_total", "Somebody else wrote to the stream; waiting rows got new IDs", labels)),
        fenced(metrics.gauge("tidings_stream_fenced", "1: a later start of this store took the stream over", labels)),
        owned(metrics.gauge("tidings_stream_owned_by_other", "1: another store owns the stream", labels)),
        refused(metrics.gauge("tidings_stream_refused", "1: Redis refuses for good (type of key, permission)", labels)),
        evicting(metrics.gauge("tidings_redis_may_evict", "1: Redis may delete streams (maxmemory-policy)", labels)),
        delay(metrics.histogram("tidings_publish_delay_seconds", "From commit to append, of the oldest row of each batch", labels)) {}

  std::string labels;
  Counter& rows;
  Counter& damaged;
  Counter& retries;
  Counter& reconnects;
  Counter& resets;
  Counter& lost;
  Counter& tail_losses;
  Counter& foreign;
  Gauge& fenced;
  Gauge& owned;
  Gauge& refused;
  Gauge& evicting;
  Histogram& delay;
};

}  // namespace tidings::publish
