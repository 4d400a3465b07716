#pragma once
// When to believe a permanent redirect: the new address is taken over only after it was seen again and again over days,
// each time the same and each time a feed. A source that is replaced by a maintenance page for an hour keeps its address.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tidings::schedule {

// Plain value, kept with the source's state.
struct PermanentRedirect {
  std::string target;  // empty: none is under observation
  Time first_seen;
  std::uint32_t sightings = 0;

  static constexpr std::uint32_t kSightings = 3;
  static constexpr Seconds kPeriod = std::chrono::hours(72);

  // Notes an answer that came through. `permanent_target`: where 301 and 308 alone led to, empty where there was none or
  // a temporary one stood in the chain; `is_feed`: entries could be read from it. True: take the target over.
  bool see(std::string_view permanent_target, bool is_feed, Time now);

  // As bytes for the store, empty where none is under observation; load() says false, changing nothing, where it did not
  // write them.
  std::string save() const;
  bool load(std::string_view bytes);
};

}  // namespace tidings::schedule
