#pragma once
// The hours of the week at which sources publish: relative intensities for each hour UTC of working days and of weekends.
// Few observations are shrunk towards a broader profile: the source's to its host's, the host's to its language's.

#include <array>
#include <cstddef>
#include <cstdint>

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
  void add(Time time) {
    Count& count = counts_[profile_slot(time)];
    if (count == static_cast<Count>(-1)) {
      for (Count& each : counts_) each = static_cast<Count>(each / 2);
    }
    ++count;
  }
  const std::array<Count, kProfileSlots>& counts() const { return counts_; }

 private:
  std::array<Count, kProfileSlots> counts_{};
};
// A host's or a language's.
using Profile = ProfileCounts<std::uint16_t>;

// The posterior shape: smoothed over neighbouring hours, with `prior` worth 50 observations.
ProfileShape shrink(const Profile& profile, const ProfileShape& prior);
ProfileShape shrink(const ProfileCounts<std::uint8_t>& profile, const ProfileShape& prior);

}  // namespace tidings::schedule
