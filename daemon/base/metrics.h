#pragma once
// Counters, gauges and histograms, rendered as Prometheus text (exposition format 0.0.4).
// Owned by main, used on the loop thread only. A reference returned lives as long as the registry.

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tidings {

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_ += n; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

class Gauge {
 public:
  void set(double value) { value_ = value; }
  void add(double delta) { value_ += delta; }
  double value() const { return value_; }

 private:
  double value_ = 0;
};

// Fixed upper bounds, chosen when it is made; an implicit +Inf bucket ends them.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}
  void observe(double value);
  const std::vector<double>& bounds() const { return bounds_; }
  const std::vector<std::uint64_t>& counts() const { return counts_; }
  double sum() const { return sum_; }
  std::uint64_t count() const { return count_; }
  // An upper estimate of the q-quantile: the bound of the bucket it falls in.
  double quantile(double q) const;

 private:
  std::vector<double> bounds_;
  std::vector<std::uint64_t> counts_;
  double sum_ = 0;
  std::uint64_t count_ = 0;
};

// Bounds from 100 us to 1 hour, for delays in seconds.
std::vector<double> delay_bounds();

class Metrics {
 public:
  // The metric of this name and label set, made at the first call. Labels are written as
  // `source="bbc"`, without braces; names carry their unit and end in _total for counters.
  Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, std::string_view labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::string_view labels = {},
                       std::vector<double> bounds = delay_bounds());
  // A gauge whose value is asked for when the text is rendered.
  void observe(std::string_view name, std::string_view help, std::function<double()> value);

  std::string render() const;

 private:
  struct Family {
    std::string help;
    std::map<std::string, Counter> counters;
    std::map<std::string, Gauge> gauges;
    std::map<std::string, Histogram> histograms;
    std::function<double()> observed;
  };
  Family& family(std::string_view name, std::string_view help);

  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace tidings
