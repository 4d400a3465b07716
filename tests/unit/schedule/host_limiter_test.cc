#include "schedule/host_limiter.h"

#include <gtest/gtest.h>

#include <vector>

#include "schedule/queue.h"

namespace tidings::schedule {
namespace {

const Time kNow = Time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));

Options one_a_second() {
  Options options;
  options.host_requests_per_second = 1;
  options.host_burst = 2;
  options.max_fetches_per_host = 2;
  return options;
}

TEST(HostLimiter, grants_a_burst_then_the_rate) {
  HostLimiter limiter(one_a_second());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(limiter.ask("a.org", kNow, false).granted);
    limiter.done("a.org", kNow, false, std::nullopt);
  }
  const auto denied = limiter.ask("a.org", kNow, false);
  EXPECT_FALSE(denied.granted);
  EXPECT_TRUE(limiter.ask("b.org", kNow, false).granted) << "another host";
  EXPECT_TRUE(limiter.ask("a.org", denied.retry_at, true).granted);
}

TEST(HostLimiter, bounds_the_fetches_at_once) {
  Options options = one_a_second();
  options.host_burst = 10;
  HostLimiter limiter(options);
  EXPECT_TRUE(limiter.ask("a.org", kNow, false).granted);
  EXPECT_TRUE(limiter.ask("a.org", kNow, false).granted);
  const auto denied = limiter.ask("a.org", kNow, false);
  EXPECT_FALSE(denied.granted);
  limiter.done("a.org", kNow, false, std::nullopt);
  EXPECT_FALSE(limiter.ask("a.org", kNow, false).granted) << "others stand behind those that wait";
  EXPECT_TRUE(limiter.ask("a.org", denied.retry_at, true).granted);
}

TEST(HostLimiter, halves_the_rate_after_429_and_regains_it) {
  HostLimiter limiter(one_a_second());
  ASSERT_TRUE(limiter.ask("a.org", kNow, false).granted);
  limiter.done("a.org", kNow, true, std::nullopt);
  EXPECT_DOUBLE_EQ(limiter.requests_per_second("a.org"), 0.5);
  EXPECT_TRUE(limiter.rate_limited("a.org"));
  Time now = kNow;
  for (int i = 0; i < 30; ++i) {
    now += std::chrono::seconds(10);
    ASSERT_TRUE(limiter.ask("a.org", now, false).granted);
    limiter.done("a.org", now, false, std::nullopt);
  }
  EXPECT_FALSE(limiter.rate_limited("a.org"));
}

TEST(HostLimiter, retry_after_holds_for_all_of_the_host) {
  HostLimiter limiter(one_a_second());
  ASSERT_TRUE(limiter.ask("a.org", kNow, false).granted);
  limiter.done("a.org", kNow, true, Seconds(300));
  const auto denied = limiter.ask("a.org", kNow + Seconds(200), false);
  EXPECT_FALSE(denied.granted);
  EXPECT_GE(denied.retry_at, kNow + Seconds(300));
}

TEST(HostLimiter, five_hundred_feeds_of_one_host_all_come_through_at_its_rate) {
  HostLimiter limiter(one_a_second());
  Queue queue;
  for (Queue::Id id = 0; id < 500; ++id) queue.reschedule(id, kNow);
  std::vector<bool> waited(500);
  std::size_t asked = 0;
  Time last = kNow;
  while (const auto next = queue.next_due()) {
    const Queue::Id id = *queue.pop_due(*next);
    ++asked;
    const auto admission = limiter.ask("a.org", *next, waited[id]);
    if (admission.granted) {
      last = *next;
      limiter.done("a.org", *next, false, std::nullopt);
    } else {
      waited[id] = true;
      queue.reschedule(id, admission.retry_at);
    }
  }
  EXPECT_NEAR(std::chrono::duration<double>(last - kNow).count(), 498, 5);
  EXPECT_LE(asked, 1010u) << "each asks twice, not once a second";
}

TEST(HostLimiter, forgets_hosts_that_are_at_rest) {
  HostLimiter limiter(one_a_second());
  for (int i = 0; i < 10000; ++i) {
    const std::string host = std::to_string(i) + ".org";
    const Time now = kNow + Seconds(i);
    ASSERT_TRUE(limiter.ask(host, now, false).granted);
    limiter.done(host, now, false, std::nullopt);
  }
  EXPECT_LT(limiter.hosts(), 1100u);
}

}  // namespace
}  // namespace tidings::schedule
