#pragma once
// Exponential backoff with jitter, for reconnecting and for replies that say "not now". Pure.

#include <cstdint>

#include "base/clock.h"

namespace tidings::redis {

class Backoff {
 public:
  Backoff(Millis base, Millis max, std::uint64_t seed) : base_(base), max_(max), state_(seed) {}

  // The time to wait before the next attempt: between a half and the whole of base, 2 base, 4 base ... max.
  Millis next();
  void reset() { failures_ = 0; }
  unsigned failures() const { return failures_; }

 private:
  Millis base_;
  Millis max_;
  std::uint64_t state_;
  unsigned failures_ = 0;
};

}  // namespace tidings::redis
