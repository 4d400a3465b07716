#pragma once
// The hours of the week at which sources publish: relative intensities for each hour UTC of working days and of weekends.
// Few observations are shrunk towards a broader profile: the source's to its host's, the host's to its language's.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/clock.h"

namespace tidings::schedule {

inline constexpr std::size_t kProfileSlots = 48;
// The slot of a time: hour UTC, plus 24 on Saturdays and Sundays.
std::size_t profile_slot(Time time);

// Intensity of each slot relative to the mean of the week, which is 1.
using ProfileShape = std::array<float, kProfileSlots>;
ProfileShape flat_shape();
double mean_over_week(const ProfileShape& shape);
// The integral of the shape over a span of time, in hours.
double shape_hours(const ProfileShape& shape, Time from, Time to);

// Counts by slot, halved together when one would overflow, so that old habits fade.
template <class Count>
class ProfileCounts {
 public:
  void add(Time time) { add(profile_slot(time), 1); }
  template <class Other>
  void add(const ProfileCounts<Other>& other) {
    for (std::size_t slot = 0; slot < kProfileSlots; ++slot) add(slot, other.counts()[slot]);
  }
  const std::array<Count, kProfileSlots>& counts() const { return counts_; }

 private:
  void add(std::size_t slot, std::uint32_t n) {
    while (counts_[slot] + n > std::numeric_limits<Count>::max()) {
      for (Count& each : counts_) each = static_cast<Count>(each / 2);
      n = (n + 1) / 2;
    }
    counts_[slot] = static_cast<Count>(counts_[slot] + n);
  }

  std::array<Count, kProfileSlots> counts_{};
};
// A host's or a language's.
using Profile = ProfileCounts<std::uint16_t>;

// A source's own.
using SmallProfile = ProfileCounts<std::uint8_t>;

// The posterior shape: smoothed over neighbouring hours, with `prior` worth 100 observations. Counts of less than a whole
// week say nothing of its other hours, so they are believed from the first to the second week `watched` on.
ProfileShape shrink(const Profile& profile, const ProfileShape& prior, double weeks_watched);
ProfileShape shrink(const SmallProfile& profile, const ProfileShape& prior, double weeks_watched);

}  // namespace tidings::schedule
