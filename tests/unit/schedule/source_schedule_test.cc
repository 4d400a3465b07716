#include "schedule/source_schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidings::schedule {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Time kNow = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + hours(12);  // a Tuesday

model::Source source(std::string id = "bbc") {
  model::Source s;
  s.id = std::move(id);
  return s;
}

Poll answer(int status, std::uint32_t new_items = 0) {
  Poll poll;
  poll.status = status;
  poll.new_items = new_items;
  poll.window_entries = 50;
  return poll;
}

class Scheduling : public testing::Test {
 protected:
  Scheduling() { options.jitter = 0; }
  // The first poll of a source that has published `items` evenly over the last day.
  Poll first_with_rate(int items) const {
    Poll poll = answer(200, static_cast<std::uint32_t>(items));
    poll.first = true;
    for (int i = 1; i <= items; ++i) poll.published.push_back(kNow - Micros(hours(24)) * i / items);
    return poll;
  }
  Decision next(SourceSchedule& schedule, const Poll& poll, Time now = kNow) const {
    return schedule.next(poll, now, Conditions{options});
  }

  Options options;
};

TEST_F(Scheduling, busier_sources_are_polled_more_often_by_the_square_root) {
  options.min_interval = seconds(1);
  SourceSchedule quiet(source());
  SourceSchedule busy(source());
  const Decision slow = next(quiet, first_with_rate(24));
  const Decision fast = next(busy, first_with_rate(24 * 16));
  EXPECT_EQ(slow.rule, Rule::square_root);
  // Sixteen times the rate, four times the polls; bursts and priors blur it.
  EXPECT_NEAR(static_cast<double>(slow.interval.count()) / static_cast<double>(fast.interval.count()), 4, 1);
}

TEST_F(Scheduling, a_silent_source_drifts_to_the_ceiling_and_an_eager_one_stays_over_the_floor) {
  SourceSchedule silent(source());
  Time now = kNow;
  Decision decision = next(silent, answer(200), now);
  for (int i = 0; i < 1000; ++i) decision = next(silent, answer(304), now = decision.at);
  EXPECT_EQ(decision.limit, Limit::ceiling);
  EXPECT_EQ(decision.at - now, options.quiet_interval) << "hardly ever an item: the ceiling has risen";

  SourceSchedule eager(source());
  for (int i = 0; i < 50; ++i) decision = next(eager, answer(200, 40), now = decision.at);
  EXPECT_GE(decision.at - now, options.min_interval);
  EXPECT_EQ(decision.limit, Limit::floor);
}

// By day it is polled within max_interval; at night, when it never publishes, less often; and the long interval of the
// night ends soon after the day begins.
TEST_F(Scheduling, the_ceiling_rises_in_the_quiet_hours_alone) {
  options.max_polls_per_item = 4;
  SourceSchedule office(source());
  Poll first = answer(200, 280);
  first.first = true;
  for (int day = 1; day <= 28; ++day) {
    for (int item = 0; item < 10; ++item) first.published.push_back(kNow - hours(24 * day - item) - minutes(210));
  }
  Conditions slow{options};
  slow.kappa = 1e-3;  // the budget leaves next to nothing: the ceiling decides
  const Time day = kNow;
  const Decision by_day = office.next(first, day, slow);
  EXPECT_LE(by_day.at - day, options.max_interval);
  EXPECT_EQ(by_day.limit, Limit::ceiling);
  const Time night = kNow + hours(12);
  const Decision by_night = office.next(answer(304), night, slow);
  EXPECT_GT(by_night.at - night, 2 * options.max_interval);
  const Time before_day = kNow + hours(20);
  const Decision at_dawn = office.next(answer(304), before_day, slow);
  EXPECT_LE(at_dawn.at - before_day, minutes(90));
}

TEST_F(Scheduling, a_source_with_a_ceiling_of_its_own_keeps_it) {
  model::Source watched = source();
  watched.settings.edit().max_interval = minutes(5);
  SourceSchedule silent(watched);
  Time now = kNow;
  for (int i = 0; i < 300; ++i) now = next(silent, answer(304), now).at;
  EXPECT_EQ(next(silent, answer(304), now).at - now, minutes(5));
}

TEST_F(Scheduling, an_item_makes_the_next_polls_come_sooner_for_a_while) {
  SourceSchedule schedule(source());
  next(schedule, first_with_rate(12));
  const double before = schedule.items_per_hour(kNow + hours(3), Conditions{options});
  Poll burst = answer(200, 3);
  burst.published = {kNow + hours(3) - minutes(1), kNow + hours(3) - minutes(2), kNow + hours(3) - minutes(3)};
  next(schedule, burst, kNow + hours(3));
  EXPECT_GT(schedule.items_per_hour(kNow + hours(3), Conditions{options}), 3 * before);
  EXPECT_LT(schedule.items_per_hour(kNow + hours(5), Conditions{options}), 2 * before);
}

TEST_F(Scheduling, learns_the_hours_of_a_source) {
  SourceSchedule schedule(source());
  Poll poll = answer(200, 400);
  poll.first = true;
  for (int day = 1; day <= 40; ++day) {
    for (int i = 0; i < 10; ++i) poll.published.push_back(kNow - hours(24 * day) + minutes(i * 6));
  }
  next(schedule, poll);
  const double at_noon = schedule.items_per_hour(kNow + hours(24), Conditions{options});
  const double at_midnight = schedule.items_per_hour(kNow + hours(36), Conditions{options});
  EXPECT_GT(at_noon, 5 * at_midnight);
}

TEST_F(Scheduling, polls_just_after_the_cache_expires) {
  SourceSchedule schedule(source());
  Poll poll = first_with_rate(24);
  poll.headers.max_age = Seconds(900);
  poll.headers.age = Seconds(100);
  const Decision decision = next(schedule, poll);
  EXPECT_EQ(decision.limit, Limit::cache);
  EXPECT_GT(decision.at, kNow + seconds(800));
  EXPECT_LT(decision.at, kNow + seconds(804));
}

TEST_F(Scheduling, obeys_ttl_and_skipped_hours_and_days) {
  SourceSchedule schedule(source());
  Poll poll = first_with_rate(24);
  poll.ttl_minutes = 120;
  Decision decision = next(schedule, poll);
  EXPECT_EQ(decision.limit, Limit::ttl);
  EXPECT_EQ(decision.at, kNow + hours(2));

  poll.skip_hours = 1U << 14 | 1U << 15;
  decision = next(schedule, poll);
  EXPECT_EQ(decision.limit, Limit::skip_hours);
  EXPECT_GE(decision.at, kNow + hours(4));
  EXPECT_LE(decision.at, kNow + hours(4) + minutes(5));

  poll.skip_days = 1U << 1;  // Tuesday
  decision = next(schedule, poll);
  EXPECT_GE(decision.at, kNow + hours(12));
  poll.skip_days = 0x7F;
  poll.skip_hours = 0xFFFFFF;
  EXPECT_EQ(next(schedule, poll).limit, Limit::ttl) << "a feed that skips all hours is not obeyed";
}

TEST_F(Scheduling, the_hints_outlive_an_answer_304) {
  SourceSchedule schedule(source());
  Poll poll = first_with_rate(24);
  poll.ttl_minutes = 120;
  next(schedule, poll);
  EXPECT_EQ(next(schedule, answer(304)).limit, Limit::ttl);
}

TEST_F(Scheduling, an_update_period_that_is_disproved_is_not_obeyed) {
  Poll poll = first_with_rate(24 * 20);
  poll.update_period_seconds = 3600;
  SourceSchedule busy(source());
  EXPECT_LT(next(busy, poll).at, kNow + minutes(30));
  poll = first_with_rate(12);
  poll.update_period_seconds = 3600;
  SourceSchedule quiet(source());
  EXPECT_EQ(next(quiet, poll).limit, Limit::update_period);
}

TEST_F(Scheduling, a_fixed_interval_goes_before_the_rule_but_not_before_retry_after) {
  model::Source fixed = source();
  fixed.settings.edit().interval = seconds(30);
  SourceSchedule schedule(fixed);
  Poll poll = first_with_rate(24);
  poll.headers.max_age = Seconds(900);
  EXPECT_EQ(next(schedule, poll).at, kNow + seconds(30));
  Poll limited = answer(429);
  limited.headers.retry_after_delay = Seconds(600);
  EXPECT_EQ(next(schedule, limited).at, kNow + seconds(600));
}

TEST_F(Scheduling, retry_after_is_obeyed_on_429_503_and_403) {
  for (const int status : {429, 503, 403}) {
    SourceSchedule schedule(source());
    Poll poll = answer(status);
    poll.headers.retry_after_date = kNow + hours(2);
    const Decision decision = next(schedule, poll);
    EXPECT_EQ(decision.rule, Rule::retry_after) << status;
    EXPECT_EQ(decision.at, kNow + hours(2)) << status;
  }
}

TEST_F(Scheduling, retry_after_is_never_undercut_by_jitter) {
  options.jitter = 0.5;
  for (int i = 0; i < 200; ++i) {
    SourceSchedule schedule(source(std::to_string(i)));
    Poll poll = answer(429);
    poll.headers.retry_after_delay = Seconds(600);
    EXPECT_GE(next(schedule, poll).at, kNow + seconds(600));
  }
}

TEST_F(Scheduling, a_dead_source_backs_off_exponentially_and_is_never_forgotten) {
  SourceSchedule schedule(source());
  Poll poll;
  poll.error = Errc::network;
  Time now = kNow;
  Micros last{0};
  for (int i = 1; i <= 40; ++i) {
    const Decision decision = next(schedule, poll, now);
    EXPECT_EQ(decision.rule, Rule::backoff);
    EXPECT_EQ(decision.failures, static_cast<std::uint32_t>(i));
    EXPECT_FALSE(decision.stop);
    EXPECT_LE(decision.at - now, options.backoff_max * 6 / 5);
    if (i <= 8) {
      EXPECT_GT(decision.at - now, last);
    }
    last = decision.at - now;
    now = decision.at;
  }
  EXPECT_GE(last, options.backoff_max * 4 / 5);
  EXPECT_EQ(next(schedule, answer(304), now).failures, 0u);
}

TEST_F(Scheduling, gone_stops) {
  SourceSchedule schedule(source());
  EXPECT_TRUE(next(schedule, answer(410)).stop);
  EXPECT_TRUE(schedule.stopped());
  EXPECT_FALSE(next(schedule, answer(200)).stop);
}

TEST_F(Scheduling, one_that_was_gone_is_polled_soon_where_somebody_starts_it_again) {
  SourceSchedule schedule(source());
  next(schedule, answer(410));
  schedule.restart();
  const Decision decision = schedule.start(kNow, minutes(1), Conditions{options});
  EXPECT_FALSE(decision.stop);
  EXPECT_EQ(schedule.failures(), 0u);
  EXPECT_LE(decision.at, kNow + minutes(1));
}

TEST_F(Scheduling, a_gap_halves_the_interval) {
  SourceSchedule schedule(source());
  next(schedule, first_with_rate(24));
  Poll poll = answer(200, 50);
  poll.gap = true;
  const Decision decision = next(schedule, poll, kNow + minutes(20));
  EXPECT_LE(decision.at, kNow + minutes(30));
}

TEST_F(Scheduling, a_poll_comes_before_a_small_window_turns_over) {
  options.eagerness = 1;
  SourceSchedule schedule(source());
  Poll poll = first_with_rate(24 * 10);
  poll.window_entries = 5;
  Conditions conditions{options};
  conditions.kappa = 0.5;
  const Decision decision = schedule.next(poll, kNow, conditions);
  EXPECT_EQ(decision.limit, Limit::window);
  EXPECT_LT(decision.at, kNow + minutes(20));
}

TEST_F(Scheduling, a_304_that_hides_items_is_found_out_and_distrusted) {
  options.unconditional_check_every = 3;
  SourceSchedule schedule(source());
  next(schedule, first_with_rate(24));
  next(schedule, answer(304));
  EXPECT_FALSE(next(schedule, answer(304)).unconditional);
  EXPECT_TRUE(next(schedule, answer(304)).unconditional);
  Poll check = answer(200, 2);
  check.unconditional = true;
  check.same_validators = true;
  EXPECT_TRUE(next(schedule, check).unconditional);
  EXPECT_TRUE(schedule.distrusts_validators());
  check.new_items = 0;
  Decision decision;
  for (int i = 0; i < 20; ++i) decision = next(schedule, check);
  EXPECT_FALSE(decision.unconditional) << "honest for long enough";
}

TEST_F(Scheduling, what_was_learnt_survives_as_bytes) {
  SourceSchedule schedule(source());
  next(schedule, first_with_rate(100));
  next(schedule, answer(304), kNow + minutes(5));
  SourceSchedule restored(source());
  ASSERT_TRUE(restored.load(schedule.save()));
  EXPECT_EQ(restored.save(), schedule.save());
  EXPECT_EQ(next(restored, answer(200, 3), kNow + minutes(9)), next(schedule, answer(200, 3), kNow + minutes(9)));
  EXPECT_EQ(restored.start(kNow, minutes(10), Conditions{options}).at, schedule.due());
}

TEST_F(Scheduling, bytes_of_another_kind_are_refused) {
  SourceSchedule schedule(source());
  const std::string bytes = schedule.save();
  EXPECT_FALSE(schedule.load(""));
  EXPECT_FALSE(schedule.load(bytes.substr(1)));
  EXPECT_FALSE(schedule.load("\x7f" + bytes.substr(1)));
  EXPECT_FALSE(schedule.load(std::string(1, bytes[0]) + std::string(bytes.size() - 1, '\xff'))) << "rates that are no numbers";
}

TEST_F(Scheduling, first_polls_are_spread_by_source) {
  int early = 0;
  for (int i = 0; i < 1000; ++i) {
    SourceSchedule schedule(source("feed-" + std::to_string(i)));
    const Decision decision = schedule.start(kNow, minutes(10), Conditions{options});
    EXPECT_GE(decision.at, kNow);
    EXPECT_LT(decision.at, kNow + minutes(10));
    early += decision.at < kNow + minutes(5) ? 1 : 0;
  }
  EXPECT_NEAR(early, 500, 60);
}

TEST_F(Scheduling, a_stored_time_from_a_wrong_clock_does_not_hold_a_source_for_years) {
  SourceSchedule schedule(source());
  next(schedule, answer(304), kNow + hours(24 * 3650));
  EXPECT_LE(schedule.start(kNow, minutes(10), Conditions{options}).at, kNow + minutes(10));
}

TEST_F(Scheduling, says_why_in_words) {
  SourceSchedule schedule(source());
  Poll poll = answer(429);
  poll.headers.retry_after_delay = Seconds(120);
  EXPECT_EQ(to_words(next(schedule, poll)), "HTTP 429 with Retry-After: 2 min");
  poll = Poll();
  poll.error = Errc::timeout;
  EXPECT_THAT(to_words(next(schedule, poll)), testing::StartsWith("backoff after 2 failures: "));
  poll = first_with_rate(24);
  poll.headers.max_age = Seconds(3000);
  EXPECT_THAT(to_words(next(schedule, poll)), testing::MatchesRegex("square-root rule at .* items/h: .* min, moved by Cache-Control or Expires to 50 min"));
}

}  // namespace
}  // namespace tidings::schedule
