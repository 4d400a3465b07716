#include "ingest/poll_log.h"

#include <gtest/gtest.h>

namespace tidings::ingest {
namespace {

PollRecord poll(std::string why) {
  PollRecord record;
  record.why = std::move(why);
  return record;
}

TEST(PollLog, gives_the_polls_of_one_source_latest_first) {
  PollLog log(10);
  PollLog::Place a = 0;
  PollLog::Place b = 0;
  for (int i = 0; i < 4; ++i) {
    a = log.add(a, poll("a" + std::to_string(i)));
    b = log.add(b, poll("b" + std::to_string(i)));
  }
  const auto found = log.of(a, 3);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0]->why, "a3");
  EXPECT_EQ(found[2]->why, "a1");
  EXPECT_TRUE(log.of(0, 3).empty());
}

TEST(PollLog, forgets_the_oldest_and_never_shows_another_sources) {
  PollLog log(5);
  PollLog::Place quiet = log.add(0, poll("quiet"));
  PollLog::Place busy = 0;
  for (int i = 0; i < 7; ++i) busy = log.add(busy, poll("busy"));
  EXPECT_EQ(log.size(), 5u);
  EXPECT_TRUE(log.of(quiet, 50).empty());
  EXPECT_EQ(log.of(busy, 50).size(), 5u);
  quiet = log.add(quiet, poll("again"));
  ASSERT_EQ(log.of(quiet, 50).size(), 1u) << "what it was linked to is forgotten";
}

TEST(PollLog, may_be_switched_off) {
  PollLog log(0);
  EXPECT_EQ(log.add(0, poll("x")), 0u);
  EXPECT_TRUE(log.of(0, 50).empty());
}

}  // namespace
}  // namespace tidings::ingest
