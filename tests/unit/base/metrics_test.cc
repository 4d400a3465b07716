#include "base/metrics.h"

#include <gmock/gmock.h>

namespace tidings {
namespace {

using testing::HasSubstr;

TEST(Metrics, renders_prometheus_text) {
  Metrics metrics;
  metrics.counter("tidings_polls_total", "Polls made", "source=\"a\"").add(3);
  auto& delay = metrics.histogram("tidings_delay_seconds", "Delay", {}, {0.1, 1});
  delay.observe(0.05);
  delay.observe(5);
  const std::string text = metrics.render();
  EXPECT_THAT(text, HasSubstr("# TYPE tidings_polls_total counter\ntidings_polls_total{source=\"a\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("tidings_delay_seconds_bucket{le=\"0.1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("tidings_delay_seconds_bucket{le=\"+Inf\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("tidings_delay_seconds_count 2\n"));
}

TEST(Metrics, the_same_name_and_labels_are_one_metric) {
  Metrics metrics;
  metrics.counter("a_total", "A").add();
  metrics.counter("a_total", "A").add();
  EXPECT_EQ(metrics.counter("a_total", "A").value(), 2u);
}

TEST(Metrics, a_quantile_is_the_bound_of_its_bucket) {
  Histogram histogram({1, 2, 4});
  for (int i = 0; i < 99; ++i) histogram.observe(0.5);
  histogram.observe(3);
  EXPECT_EQ(histogram.quantile(0.5), 1);
  EXPECT_EQ(histogram.quantile(1.0), 4);
}

}  // namespace
}  // namespace tidings
