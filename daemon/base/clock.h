#pragma once
// Points in time. Wall-clock time is UTC in microseconds; pure rooms are handed `now` and never ask.

#include <chrono>
#include <cstdint>
#include <optional>

namespace tidings {

using Micros = std::chrono::microseconds;
using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Time = std::chrono::sys_time<Micros>;
using OptionalTime = std::optional<Time>;

// The wall clock. Called by shells of I/O rooms only.
inline Time system_now() {
  return std::chrono::time_point_cast<Micros>(std::chrono::system_clock::now());
}

inline std::int64_t to_micros(Time t) { return t.time_since_epoch().count(); }
inline Time from_micros(std::int64_t us) { return Time(Micros(us)); }

}  // namespace tidings
