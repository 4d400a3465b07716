#include "ingest/delays.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace tidings::ingest {
namespace {

constexpr char kVersion = 1;
constexpr double kFirst = 1e-3;  // seconds: the bound of the first bucket

}  // namespace

void Delays::add(double seconds) {
  seconds = std::max(0.0, seconds);
  const double power = seconds <= kFirst ? 0 : std::ceil(std::log2(seconds / kFirst) - 1e-9);
  std::uint8_t& bucket = counts_[std::min<std::size_t>(static_cast<std::size_t>(power), kBuckets - 1)];
  if (bucket == std::numeric_limits<std::uint8_t>::max()) {
    for (auto& each : counts_) each = static_cast<std::uint8_t>(each / 2);
  }
  ++bucket;
  ++count_;
  sum_ += seconds;
}

double Delays::quantile(double q) const {
  double total = 0;
  for (const auto count : counts_) total += count;
  double below = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    below += counts_[bucket];
    if (below > 0 && below >= q * total) return std::ldexp(kFirst, static_cast<int>(std::min(bucket, kBuckets - 2)));
  }
  return 0;
}

json::value Delays::report() const {
  if (count_ == 0) return nullptr;
  return json::object{{"count", count_}, {"mean", mean()}, {"p50", quantile(0.5)}, {"p90", quantile(0.9)}, {"p99", quantile(0.99)}};
}

json::object Figures::report() const {
  const double n = static_cast<double>(std::max<std::uint64_t>(1, detect.count()));
  return {{"detect_delay_seconds", detect.report()},
          {"attained_mean_seconds", detect.count() > 0 ? json::value(detect.mean()) : json::value()},
          {"attainable_mean_seconds", detect.count() > 0 ? json::value(attainable_sum / n) : json::value()},
          {"late", late},
          {"stage_seconds",
           json::object{{"fetch", fetch.report()}, {"parse", parse.report()}, {"decide", decide.report()}, {"commit", commit.report()}}}};
}

std::string Figures::save() const {
  std::string bytes(1, kVersion);
  each_field(*this, [&](const auto& field) { bytes.append(reinterpret_cast<const char*>(&field), sizeof field); });
  return bytes;
}

bool Figures::load(std::string_view bytes) {
  std::size_t size = 1;
  each_field(*this, [&](const auto& field) { size += sizeof field; });
  if (bytes.size() != size || bytes.front() != kVersion) return false;
  bytes.remove_prefix(1);
  each_field(*this, [&](auto& field) {
    std::memcpy(&field, bytes.data(), sizeof field);
    bytes.remove_prefix(sizeof field);
  });
  return true;
}

}  // namespace tidings::ingest
