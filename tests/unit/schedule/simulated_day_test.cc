// A day of ten thousand sources in virtual time, by the same Dispatcher and SourceSchedules that the conductor runs: hosts
// of five hundred feeds, 429s and 503s with and without Retry-After, timeouts, resets, slow answers, redirects, dead feeds.

#include <gtest/gtest.h>

#include <functional>
#include <queue>

#include "schedule/dispatcher.h"
#include "support/simulated_origins.h"

namespace tidings::schedule {
namespace {

using test::Manner;
using test::Origins;

const Time kBegin = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));
constexpr std::size_t kMaxPolls = 256;

std::vector<Origins::Feed> feeds(std::size_t count) {
  std::vector<Origins::Feed> all;
  for (std::size_t i = 0; i < count; ++i) {
    Origins::Feed feed;
    feed.host = i < count / 2         ? "big" + std::to_string(i / 500)
                : i < count * 7 / 10 ? "middle" + std::to_string(i / 20)
                                     : "small" + std::to_string(i);
    feed.manner = static_cast<Manner>(hash64(feed.host, i) % static_cast<std::uint64_t>(Manner::count));
    // A host of five hundred that answers Retry-After every other minute is never asked at all: there, one feed in fifty.
    const bool holds_host = feed.manner >= Manner::retry_after_429 && feed.manner <= Manner::bare_429;
    if (holds_host && feed.host.starts_with("big") && i % 50 != 0) feed.manner = Manner::plain;
    if (feed.manner == Manner::redirects_elsewhere) feed.target = "target" + std::to_string(i / 40);
    feed.per_hour = 0.02 * std::exp2(static_cast<double>(hash64(feed.host, i + 7) % 9));
    // What publishes more often than it says is not believed; that is tested elsewhere.
    if (feed.manner == Manner::update_period) feed.per_hour = 0.2;
    all.push_back(std::move(feed));
  }
  return all;
}

struct Day {
  Day(std::size_t count, double requests_per_second) : options(made(requests_per_second)), origins(feeds(count), options, kBegin), dispatcher(options) {
    dispatcher.begin(count, kBegin);
    for (std::size_t i = 0; i < count; ++i) {
      model::Source source;
      source.id = "source" + std::to_string(i);
      schedules.emplace_back(source);
    }
    led_to.resize(count);
    polls.resize(count);
    for (std::size_t i = 0; i < count; ++i) dispatcher.add(static_cast<Queue::Id>(i), schedules[i], address(i), kBegin);
  }

  static Options made(double requests_per_second) {
    Options options;
    options.max_requests_per_second = requests_per_second;
    return options;
  }

  Address address(std::size_t id) const { return {origins.feed(id).host, led_to[id], "", &schedules[id]}; }

  void run(Time end) {
    struct Running {
      Queue::Id id;
      Origins::Answer answer;
      std::string led_to;  // at the start
      bool operator<(const Running& other) const { return answer.at > other.answer.at; }
    };
    std::priority_queue<Running> running;
    for (Time now = kBegin; now < end;) {
      while (running.size() < kMaxPolls) {
        const auto id = dispatcher.next(now, [this](Queue::Id slot) { return address(slot); });
        if (!id) break;
        ++polls[*id];
        running.push({*id, origins.request(*id, now), led_to[*id]});
        most_running = std::max(most_running, running.size());
      }
      const auto wake = running.size() < kMaxPolls ? dispatcher.wake_at() : std::nullopt;
      if (!wake || (!running.empty() && running.top().answer.at <= *wake)) {
        const Running done = running.top();
        running.pop();
        now = std::max(now, done.answer.at);
        origins.ended(done.id, done.answer);
        const Address asked{origins.feed(done.id).host, done.led_to, ""};
        const Decision decision = dispatcher.answered(done.id, schedules[done.id], asked, done.answer.poll, now);
        led_to[done.id] = done.answer.led_to;
        if (!decision.stop) dispatcher.release(done.id, decision.at);
      } else {
        now = std::max(now, *wake);
      }
    }
  }

  Options options;
  Origins origins;
  Dispatcher dispatcher;
  std::vector<SourceSchedule> schedules;
  std::vector<std::string> led_to;
  std::vector<std::uint32_t> polls;
  std::size_t most_running = 0;
};

void expect_no_violation(const Day& day) {
  const auto& broken = day.origins.violations();
  EXPECT_EQ(broken.before_cache_expired, 0u);
  EXPECT_EQ(broken.before_ttl_or_period, 0u);
  EXPECT_EQ(broken.in_skipped_hours, 0u);
  EXPECT_EQ(broken.ignored_retry_after, 0u);
  EXPECT_EQ(broken.no_backoff, 0u);
  EXPECT_EQ(broken.too_many_at_once, 0u);
  EXPECT_EQ(broken.too_fast_for_host, 0u);
  EXPECT_EQ(broken.too_fast_in_all, 0u);
  EXPECT_EQ(broken.after_gone, 0u);
  EXPECT_GT(day.origins.faults(), 1'000u);
  std::size_t forgotten = 0;
  for (const auto polls : day.polls) forgotten += polls == 0 ? 1 : 0;
  EXPECT_EQ(forgotten, 0u) << "sources that were never asked";
}

TEST(SimulatedDay, ten_thousand_sources_and_no_rule_of_any_origin_is_broken) {
  Day day(10'000, 20);
  day.run(kBegin + std::chrono::hours(24));
  expect_no_violation(day);
  EXPECT_GT(day.origins.requests(), 400'000u) << "a day without requests breaks no rule either";
  RecordProperty("requests", static_cast<int>(day.origins.requests()));
}

TEST(SimulatedDay, nor_where_the_budget_keeps_them_waiting) {
  Day day(10'000, 2);
  day.run(kBegin + std::chrono::hours(30));
  expect_no_violation(day);
  EXPECT_GT(day.origins.requests(), 30 * 3600 * 2 * 0.8) << "the budget is used";
}

// One source, added at the beginning and in slot 0.
struct DispatcherOfOne : testing::Test {
  DispatcherOfOne() {
    dispatcher.begin(1, kBegin);
    dispatcher.add(0, schedule, address, kBegin);
  }
  static model::Source source() {
    model::Source made;
    made.id = "one";
    return made;
  }

  Options options;
  Dispatcher dispatcher{options};
  SourceSchedule schedule{source()};
  Address address{"example.org", "", "", &schedule};
  std::function<Address(Queue::Id)> address_of = [this](Queue::Id) { return address; };
};

// What comes due in time but waits until it would be rude is asked later.
TEST_F(DispatcherOfOne, one_that_waited_into_a_skipped_hour_waits_until_its_end) {
  const Time noon = kBegin + std::chrono::hours(12);
  ASSERT_EQ(dispatcher.next(noon, address_of), 0u);
  Poll poll;
  poll.status = 200;
  poll.first = true;
  poll.skip_hours = 1 << 13;
  dispatcher.answered(0, schedule, address, poll, noon);
  dispatcher.release(0, noon + std::chrono::minutes(59));
  EXPECT_FALSE(dispatcher.next(noon + std::chrono::minutes(61), address_of));
  EXPECT_GE(*dispatcher.wake_at(), noon + std::chrono::hours(2));
}

// The daemon answers a poll before its items are committed; until that is done the source must neither start again nor be
// forgotten, however soon it is due.
TEST_F(DispatcherOfOne, a_source_is_queued_again_when_its_poll_has_ended) {
  Time now = kBegin + std::chrono::hours(1);
  ASSERT_TRUE(dispatcher.next(now, address_of));
  Poll poll;
  poll.status = 200;
  poll.first = true;
  const Decision decision = dispatcher.answered(0, schedule, address, poll, now);
  now = decision.at + std::chrono::hours(1);
  EXPECT_FALSE(dispatcher.next(now, address_of)) << "its commit still waits";
  dispatcher.release(0, decision.at);
  EXPECT_TRUE(dispatcher.next(now, address_of));
}

// Where redirects lead to another host, its limits hold as well.
TEST(Dispatcher, the_host_that_a_source_is_led_to_gives_its_leave_too) {
  Options options;
  options.max_fetches_per_host = 1;
  Dispatcher dispatcher(options);
  dispatcher.begin(2, kBegin);
  model::Source source;
  SourceSchedule schedule(source);
  const Address addresses[] = {{"one.example", "target.example", ""}, {"two.example", "target.example", ""}};
  const auto address_of = [&](Queue::Id id) { return addresses[id]; };
  for (Queue::Id id = 0; id < 2; ++id) dispatcher.add(id, schedule, addresses[id], kBegin), dispatcher.release(id, kBegin);
  EXPECT_EQ(dispatcher.next(kBegin, address_of), 0u);
  EXPECT_FALSE(dispatcher.next(kBegin, address_of)) << "the target is busy";
  Poll limited;
  limited.status = 503;
  limited.requests_elsewhere = 1;
  limited.headers.add("Retry-After", "600");
  dispatcher.answered(0, schedule, addresses[0], limited, kBegin + Seconds(1));
  EXPECT_FALSE(dispatcher.next(kBegin + Seconds(590), address_of)) << "Retry-After holds for all that lead there";
  EXPECT_TRUE(dispatcher.next(kBegin + Seconds(700), address_of));
}

TEST(Dispatcher, retry_after_holds_for_the_host_over_a_restart) {
  Options options;
  model::Source source;
  source.id = "busy";
  SourceSchedule busy(source);
  Poll limited;
  limited.status = 429;
  limited.headers.add("Retry-After", "3600");
  busy.next(limited, kBegin, Conditions{options});
  SourceSchedule restored(source);
  ASSERT_TRUE(restored.load(busy.save()));
  source.id = "beside";
  SourceSchedule beside(source);

  Dispatcher dispatcher(options);
  dispatcher.begin(2, kBegin);
  const Address addresses[] = {{"example.org", "", "", &restored}, {"example.org", "", "", &beside}};
  const auto address_of = [&](Queue::Id id) { return addresses[id]; };
  dispatcher.add(0, restored, addresses[0], kBegin);
  dispatcher.add(1, beside, addresses[1], kBegin);
  EXPECT_FALSE(dispatcher.next(kBegin + std::chrono::minutes(59), address_of));
  EXPECT_TRUE(dispatcher.next(kBegin + std::chrono::minutes(62), address_of));
}

TEST(Dispatcher, a_new_source_takes_the_hours_of_its_host) {
  Options options;
  Dispatcher dispatcher(options);
  dispatcher.begin(2, kBegin);
  model::Source source;
  SourceSchedule old(source);
  Poll first;
  first.status = 200;
  first.first = true;
  for (int day = 0; day < 56; ++day) {
    for (int i = 0; i < 4; ++i) first.published.push_back(kBegin - std::chrono::hours(24 * day + 15) + std::chrono::minutes(i));
  }
  old.next(first, kBegin, Conditions{options});
  dispatcher.add(0, old, {"example.org", "", "en", nullptr}, kBegin);
  SourceSchedule fresh(source);
  const Address address{"example.org", "", "en", &fresh};
  dispatcher.add(1, fresh, address, kBegin);
  const auto prior = dispatcher.conditions(address).prior;
  EXPECT_GT(prior[9], 3 * prior[20]) << "the other source publishes at nine";
}

}  // namespace
}  // namespace tidings::schedule
