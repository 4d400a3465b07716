#pragma once
// When a stream that has ended is connected to again. Pure.

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "push/options.h"

namespace tidings::push {

class Reconnect {
 public:
  // `id` tells streams apart, so that they do not come back all at once.
  Reconnect(std::string id, const Options& options) : id_(std::move(id)), base_(options.stream_backoff_base), max_(options.stream_backoff_max) {}

  // The connection has ended, or could not be made. `asked`: the wait that the server asks for, by `retry:` or Retry-After.
  // `was_good`: it brought something, or stood for a while. The time to wait, never less than asked.
  Millis ended(bool was_good, std::optional<Millis> asked);
  std::uint32_t failures() const { return failures_; }

 private:
  std::string id_;
  Millis base_;
  Millis max_;
  std::uint32_t failures_ = 0;
  std::uint64_t attempts_ = 0;
};

}  // namespace tidings::push
