#include "schedule/budget.h"

#include <gtest/gtest.h>

#include "schedule/queue.h"
#include "schedule/source_schedule.h"

namespace tidings::schedule {
namespace {

const Time kNow = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));

TEST(Budget, the_bucket_holds_the_rate) {
  Options options;
  options.max_requests_per_second = 10;
  Budget budget(options, 10, kNow);
  int taken = 0;
  for (int i = 0; i < 100000; ++i) taken += budget.take(kNow + Millis(i)) ? 1 : 0;
  EXPECT_NEAR(taken, 1000 + 100, 5) << "ten seconds may come at once";
  ASSERT_FALSE(budget.take(kNow + Millis(99999)));
  EXPECT_TRUE(budget.take(budget.next_free()));
}

TEST(Budget, first_polls_take_as_long_as_the_budget_needs) {
  Options options;
  options.max_requests_per_second = 20;
  EXPECT_EQ(Budget(options, 30, kNow).first_spread(), Millis(1500));
  EXPECT_EQ(Budget(options, 1'000'000, kNow).first_spread(), options.default_interval);
}

TEST(Budget, a_few_sources_get_all_the_eagerness) {
  const Options options;
  EXPECT_DOUBLE_EQ(Budget(options, 30, kNow).kappa(), options.eagerness);
}

// A day of sources that publish six items an hour, against a budget of a quarter of what they would like.
TEST(Budget, kappa_comes_to_rest_where_the_requests_meet_the_budget) {
  Options options;
  const int sources = 400;
  options.max_requests_per_second = sources * options.eagerness * 2 / 3600 / 4;
  Budget budget(options, sources, kNow);
  Queue queue;
  std::vector<SourceSchedule> schedules;
  for (int i = 0; i < sources; ++i) {
    model::Source source;
    source.id = std::to_string(i);
    schedules.emplace_back(source);
    Conditions conditions{options};
    queue.reschedule(static_cast<Queue::Id>(i), schedules.back().start(kNow, options.default_interval, conditions).at);
  }
  const Time end = kNow + std::chrono::hours(24);
  int requests = 0;
  int waits = 0;
  std::vector<Time> last(sources, kNow);
  for (Time now = kNow; now < end;) {
    now = std::max(now, *queue.next_due());
    const bool at_rest = now >= end - std::chrono::hours(8);
    if (!budget.take(now)) {
      waits += at_rest ? 1 : 0;
      now = budget.next_free();
      continue;
    }
    const Queue::Id id = *queue.pop_due(now);
    requests += at_rest ? 1 : 0;
    Poll poll;
    poll.status = 200;
    const Micros each = std::chrono::minutes(10);
    poll.new_items = static_cast<std::uint32_t>(now.time_since_epoch() / each - last[id].time_since_epoch() / each);
    last[id] = now;
    Conditions conditions{options};
    conditions.kappa = budget.kappa();
    queue.reschedule(id, schedules[id].next(poll, now, conditions).at);
  }
  const double rate = requests / (8 * 3600.0);
  EXPECT_GT(rate, 0.8 * options.max_requests_per_second);
  EXPECT_LE(rate, 1.01 * options.max_requests_per_second);
  EXPECT_LT(waits, requests / 2) << "all publish at the same minute here";
}

// A dozen sources at a poll in half an hour each: the requests of one minute are a matter of chance, and kappa does not
// follow them.
TEST(Budget, a_small_budget_is_held_by_many_requests_together) {
  Options options;
  options.max_requests_per_second = 12.0 / 1800;
  options.eagerness = 1e4;
  Budget budget(options, 12, kNow);
  const double before = budget.kappa();
  Time now = kNow;
  for (int i = 0; i < 60; ++i) budget.ready(now += Seconds(60));
  EXPECT_EQ(budget.kappa(), before) << "an hour without requests says nothing yet";
  for (int i = 0; i < 600; ++i) budget.ready(now += Seconds(60));
  EXPECT_GT(budget.kappa(), before);
}

}  // namespace
}  // namespace tidings::schedule
