#include "schedule/profile.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "schedule/profiles.h"

namespace tidings::schedule {
namespace {

using std::chrono::hours;
const Time kTuesdayNoon = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + hours(12);

TEST(Profile, slots_tell_hours_and_weekends_apart) {
  EXPECT_EQ(profile_slot(kTuesdayNoon), 12u);
  EXPECT_EQ(profile_slot(kTuesdayNoon + hours(24 * 4)), 36u);
  EXPECT_EQ(profile_slot(from_micros(-1)), 23u) << "before 1970, a Wednesday";
}

TEST(Profile, a_shape_keeps_the_mean_of_the_week) {
  Profile profile;
  for (int i = 0; i < 1000; ++i) profile.add(kTuesdayNoon + hours(i * i));
  for (const double weeks : {0.0, 1.5, 10.0}) EXPECT_NEAR(mean_over_week(shrink(profile, flat_shape(), weeks)), 1, 1e-5);
}

TEST(Profile, is_believed_from_the_second_week_on) {
  Profile profile;
  for (int i = 0; i < 1000; ++i) profile.add(kTuesdayNoon);
  EXPECT_EQ(shrink(profile, flat_shape(), 0.9), flat_shape());
  EXPECT_GT(shrink(profile, flat_shape(), 2)[12], 5);
}

TEST(Profile, hours_of_the_shape_add_up_over_any_span) {
  Profile profile;
  for (int i = 0; i < 300; ++i) profile.add(kTuesdayNoon + hours(i % 3));
  const ProfileShape shape = shrink(profile, flat_shape(), 3);
  EXPECT_NEAR(shape_hours(shape, kTuesdayNoon, kTuesdayNoon + hours(24 * 7 * 3)), 24 * 7 * 3, 0.01);
  EXPECT_NEAR(shape_hours(shape, kTuesdayNoon, kTuesdayNoon + hours(50)),
              shape_hours(shape, kTuesdayNoon, kTuesdayNoon + hours(7)) +
                  shape_hours(shape, kTuesdayNoon + hours(7), kTuesdayNoon + hours(50)), 1e-3);
  EXPECT_EQ(shape_hours(shape, kTuesdayNoon, kTuesdayNoon - hours(1)), 0);
}

TEST(Profile, counts_fade_where_they_would_overflow) {
  SmallProfile profile;
  for (int i = 0; i < 200; ++i) profile.add(kTuesdayNoon);
  for (int i = 0; i < 300; ++i) profile.add(kTuesdayNoon + hours(1));
  EXPECT_LT(profile.counts()[12], 101);
  EXPECT_GT(profile.counts()[13], 127);
}

TEST(Profiles, a_new_source_takes_the_shape_of_its_host_and_language) {
  Profiles profiles;
  const std::vector<Time> noons(500, kTuesdayNoon);
  profiles.add("a.org", "de", noons, 4);
  EXPECT_GT(profiles.shape("a.org", "de")[12], 5);
  EXPECT_GT(profiles.shape("b.org", "de")[12], 5) << "by language";
  EXPECT_EQ(profiles.shape("b.org", "en"), flat_shape());

  SmallProfile small;
  for (int i = 0; i < 200; ++i) small.add(kTuesdayNoon);
  Profiles restored;
  restored.restore("a.org", "de", small, 4);
  EXPECT_GT(restored.shape("a.org", "de")[12], 5);
}

}  // namespace
}  // namespace tidings::schedule
