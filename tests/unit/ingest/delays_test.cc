#include "ingest/delays.h"

#include <gtest/gtest.h>

namespace tidings::ingest {
namespace {

TEST(Delays, quantiles_come_within_a_factor_of_two) {
  Delays delays;
  for (int i = 1; i <= 100; ++i) delays.add(i);
  EXPECT_EQ(delays.count(), 100u);
  EXPECT_DOUBLE_EQ(delays.mean(), 50.5);
  EXPECT_GE(delays.quantile(0.5), 50);
  EXPECT_LE(delays.quantile(0.5), 100);
  EXPECT_GE(delays.quantile(0.99), 99);
  EXPECT_LE(delays.quantile(0.99), 198);
}

TEST(Delays, the_last_hundreds_decide_and_counts_do_not_overflow) {
  Delays delays;
  for (int i = 0; i < 5000; ++i) delays.add(3600);
  for (int i = 0; i < 1000; ++i) delays.add(0.0015);
  EXPECT_DOUBLE_EQ(delays.quantile(0.5), 0.002);
  EXPECT_EQ(delays.count(), 6000u);
}

TEST(Delays, nothing_and_the_extremes_are_survived) {
  Delays delays;
  EXPECT_TRUE(delays.report().is_null());
  delays.add(-5);
  EXPECT_DOUBLE_EQ(delays.quantile(1), 0.001);
  delays.add(1e9);
  EXPECT_GT(delays.quantile(1), 3600);
  EXPECT_LT(sizeof(Delays), 48u);
}

TEST(Figures, go_on_from_their_bytes) {
  Figures before;
  before.detect.add(3);
  before.commit.add(0.2);
  before.attainable_sum = 2.5;
  before.late = 1;
  Figures after;
  ASSERT_TRUE(after.load(before.save()));
  EXPECT_EQ(after.report(), before.report());

  const std::string bytes = before.save();
  EXPECT_FALSE(after.load(""));
  EXPECT_FALSE(after.load(bytes.substr(1)));
  EXPECT_FALSE(after.load("\2" + bytes.substr(1)));
  EXPECT_EQ(after.report(), before.report()) << "changed by what was not understood";
}

}  // namespace
}  // namespace tidings::ingest
