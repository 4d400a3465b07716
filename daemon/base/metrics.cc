#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace tidings {
namespace {

std::string braced(std::string_view labels, std::string_view more = {}) {
  if (labels.empty() && more.empty()) return {};
  return fmt::format("{{{}{}{}}}", labels, labels.empty() || more.empty() ? "" : ",", more);
}

}  // namespace

void Histogram::observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  ++counts_[static_cast<std::size_t>(bucket)];
  sum_ += value;
  ++count_;
}

double Histogram::quantile(double q) const {
  if (count_ == 0 || bounds_.empty()) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted) return bounds_[i];
  }
  return bounds_.back();
}

std::vector<double> delay_bounds() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
          0.25,   0.5,     1,      2.5,   5,      10,    30,   60,    300,  900, 3600};
}

Metrics::Family& Metrics::family(std::string_view name, std::string_view help) {
  auto at = families_.find(name);
  if (at == families_.end()) {
    at = families_.emplace(std::string(name), Family()).first;
    at->second.help = help;
  }
  return at->second;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, std::string_view labels) {
  return family(name, help).counters[std::string(labels)];
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, std::string_view labels) {
  return family(name, help).gauges[std::string(labels)];
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::string_view labels,
                              std::vector<double> bounds) {
  return family(name, help)
      .histograms.try_emplace(std::string(labels), Histogram(std::move(bounds)))
      .first->second;
}

void Metrics::observe(std::string_view name, std::string_view help, std::function<double()> value) {
  family(name, help).observed = std::move(value);
}

std::string Metrics::render() const {
  std::string text;
  auto out = std::back_inserter(text);
  for (const auto& [name, family] : families_) {
    const char* type = !family.counters.empty() ? "counter" : !family.histograms.empty() ? "histogram" : "gauge";
    fmt::format_to(out, "# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, type);
    for (const auto& [labels, counter] : family.counters) {
      fmt::format_to(out, "{}{} {}\n", name, braced(labels), counter.value());
    }
    for (const auto& [labels, gauge] : family.gauges) {
      fmt::format_to(out, "{}{} {}\n", name, braced(labels), gauge.value());
    }
    if (family.observed) fmt::format_to(out, "{} {}\n", name, family.observed());
    for (const auto& [labels, histogram] : family.histograms) {
      std::uint64_t cumulative = 0;
      for (std::size_t i = 0; i < histogram.bounds().size(); ++i) {
        cumulative += histogram.counts()[i];
        fmt::format_to(out, "{}_bucket{} {}\n", name,
                       braced(labels, fmt::format("le=\"{}\"", histogram.bounds()[i])), cumulative);
      }
      fmt::format_to(out, "{}_bucket{} {}\n", name, braced(labels, "le=\"+Inf\""), histogram.count());
      fmt::format_to(out, "{}_sum{} {}\n", name, braced(labels), histogram.sum());
      fmt::format_to(out, "{}_count{} {}\n", name, braced(labels), histogram.count());
    }
  }
  return text;
}

}  // namespace tidings
