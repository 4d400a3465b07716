#pragma once
// Publication to Redis streams: names, bounds, and what to do when a stream was reset.

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/clock.h"

namespace tidings::publish {

// What to do when a stream is empty or older than all that we keep (DEL, FLUSHALL, a new server).
enum class OnReset : std::uint8_t {
  replay,  // publish again what the outbox still has, under the same IDs
  resume,  // go on with what is new
};

struct Options {
  // Key of a stream: PREFIX:NAME, its owner record PREFIX:NAME:own. The braces keep them in one cluster slot.
  std::string prefix = "{tidings}";
  // XTRIM MAXLEN ~ after each batch; 0: never trimmed.
  std::uint64_t max_length = 100'000;
  std::size_t batch_rows = 100;
  std::uint64_t batch_bytes = 1 << 20;
  std::size_t window = 4;  // batches in flight
  OnReset on_reset = OnReset::replay;
  // Take the streams over from another store at the start. For an operator who knows that the other one is gone.
  bool take_over = false;
  // Errors that pass by themselves (OOM, LOADING, ...) are tried again after these times, with jitter.
  Millis backoff_base = std::chrono::milliseconds(50);
  Millis backoff_max = std::chrono::seconds(5);
  // A stream that another store owns, or that the server refuses, is looked at again after this time.
  Millis owned_retry = std::chrono::seconds(5);
  // A stream without new rows is looked at after this time, so that a reset or another owner is noticed.
  Millis idle_check = std::chrono::seconds(3);
};

}  // namespace tidings::publish
