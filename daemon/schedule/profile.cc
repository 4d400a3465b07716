#include "schedule/profile.h"

#include <algorithm>
#include <numeric>

namespace tidings::schedule {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t kDay = 24;
constexpr float kPriorObservations = 100;

// The part of the week that a slot covers.
constexpr float share(std::size_t slot) { return (slot < kDay ? 5.0F : 2.0F) / 7.0F / kDay; }

template <class Counts>
ProfileShape shrink_counts(const Counts& counts, const ProfileShape& prior, double weeks_watched) {
  const float trust = static_cast<float>(std::clamp(weeks_watched - 1, 0.0, 1.0));
  const float total = trust * static_cast<float>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  ProfileShape shape{};
  for (std::size_t slot = 0; slot < kProfileSlots; ++slot) {
    const std::size_t day = slot - slot % kDay;
    const auto near = [&](std::size_t hour) { return trust * static_cast<float>(counts[day + hour % kDay]); };
    const std::size_t hour = slot % kDay;
    const float smooth = 0.25F * near(hour + kDay - 1) + 0.5F * near(hour) + 0.25F * near(hour + 1);
    shape[slot] = (smooth + kPriorObservations * prior[slot] * share(slot)) / ((total + kPriorObservations) * share(slot));
  }
  return shape;
}

}  // namespace

std::size_t profile_slot(Time time) {
  const auto day = std::chrono::floor<days>(time);
  const auto hour = std::chrono::floor<hours>(time - day).count();
  const bool weekend = std::chrono::weekday(day).iso_encoding() >= 6;
  return static_cast<std::size_t>(hour) + (weekend ? kDay : 0);
}

ProfileShape flat_shape() {
  ProfileShape shape;
  shape.fill(1);
  return shape;
}

double mean_over_week(const ProfileShape& shape) {
  double sum = 0;
  for (std::size_t slot = 0; slot < kProfileSlots; ++slot) sum += static_cast<double>(shape[slot] * share(slot));
  return sum;
}

double shape_hours(const ProfileShape& shape, Time from, Time to) {
  using Hours = std::chrono::duration<double, std::ratio<3600>>;
  if (to <= from) return 0;
  const auto weeks = (to - from) / days(7);
  double sum = static_cast<double>(weeks) * 7 * 24 * mean_over_week(shape);
  from += days(7) * weeks;
  while (from < to) {
    const Time edge = std::min(to, Time(std::chrono::floor<hours>(from)) + hours(1));
    sum += Hours(edge - from).count() * static_cast<double>(shape[profile_slot(from)]);
    from = edge;
  }
  return sum;
}

ProfileShape shrink(const Profile& profile, const ProfileShape& prior, double weeks_watched) {
  return shrink_counts(profile.counts(), prior, weeks_watched);
}
ProfileShape shrink(const SmallProfile& profile, const ProfileShape& prior, double weeks_watched) {
  return shrink_counts(profile.counts(), prior, weeks_watched);
}

}  // namespace tidings::schedule
