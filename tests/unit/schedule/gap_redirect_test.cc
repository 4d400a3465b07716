#include <gtest/gtest.h>

#include <vector>

#include "schedule/gap.h"
#include "schedule/redirects.h"

namespace tidings::schedule {
namespace {

using std::chrono::hours;
const Time kNow = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));

TEST(Gap, two_windows_without_a_common_entry) {
  const std::vector<EntryKeys> previous = {{1, 11, kNow}, {2, 12, kNow - hours(1)}};
  const std::vector<EntryKeys> present = {{5, 15, kNow + hours(9)}, {4, 14, kNow + hours(8)}};
  const auto gap = find_gap(previous, present, false);
  ASSERT_TRUE(gap);
  EXPECT_EQ(gap->after, kNow);
  EXPECT_EQ(gap->before, kNow + hours(8));
}

TEST(Gap, none_where_anything_is_known_again) {
  EXPECT_FALSE(find_gap(std::vector<EntryKeys>{{1, 11, {}}}, std::vector<EntryKeys>{{1, 99, {}}}, false));
  EXPECT_FALSE(find_gap(std::vector<EntryKeys>{{1, 11, {}}}, std::vector<EntryKeys>{{2, 11, {}}}, false)) << "same URL, new guid";
  EXPECT_TRUE(find_gap(std::vector<EntryKeys>{{0, 11, {}}}, std::vector<EntryKeys>{{0, 12, {}}}, false)) << "no guid is no match";
}

TEST(Gap, none_at_the_first_poll_in_an_empty_or_cut_document_or_where_dates_overlap) {
  const std::vector<EntryKeys> some = {{1, 11, kNow}};
  const std::vector<EntryKeys> other = {{2, 12, kNow + hours(1)}};
  EXPECT_FALSE(find_gap({}, some, false));
  EXPECT_FALSE(find_gap(some, {}, false));
  EXPECT_FALSE(find_gap(some, other, true));
  EXPECT_FALSE(find_gap(other, some, false)) << "re-keyed: the present entries are older than what is known";
}

TEST(PermanentRedirect, is_believed_after_several_sightings_over_days) {
  PermanentRedirect redirect;
  EXPECT_FALSE(redirect.see("https://new.example/feed", true, kNow));
  EXPECT_FALSE(redirect.see("https://new.example/feed", true, kNow + hours(1)));
  EXPECT_FALSE(redirect.see("https://new.example/feed", true, kNow + hours(2))) << "often, but not for days";
  EXPECT_TRUE(redirect.see("https://new.example/feed", true, kNow + hours(73)));
}

TEST(PermanentRedirect, begins_anew_with_another_target_a_page_or_no_redirect) {
  for (const auto& [target, is_feed] : std::vector<std::pair<std::string, bool>>{
           {"https://other.example/", true}, {"https://new.example/feed", false}, {"", true}}) {
    PermanentRedirect redirect;
    redirect.see("https://new.example/feed", true, kNow);
    redirect.see("https://new.example/feed", true, kNow + hours(1));
    EXPECT_FALSE(redirect.see(target, is_feed, kNow + hours(80)));
    EXPECT_FALSE(redirect.see("https://new.example/feed", true, kNow + hours(81)));
  }
}

TEST(PermanentRedirect, is_observed_on_over_a_restart) {
  PermanentRedirect moved;
  EXPECT_EQ(moved.save(), "");
  moved.see("https://new.example/feed", true, kNow);
  moved.see("https://new.example/feed", true, kNow + std::chrono::hours(24));
  PermanentRedirect restored;
  ASSERT_TRUE(restored.load(moved.save()));
  EXPECT_TRUE(restored.see("https://new.example/feed", true, kNow + std::chrono::hours(73)));
  EXPECT_FALSE(restored.load("short"));
}

}  // namespace
}  // namespace tidings::schedule
