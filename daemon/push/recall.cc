#include "push/recall.h"

#include <algorithm>
#include <cmath>

namespace tidings::push {
namespace {

constexpr double kMemory = 200;  // items that count; older ones fade
constexpr std::size_t kMaxExpected = 512;
constexpr double kOneSided95 = 1.645;

bool is_count(double value) { return std::isfinite(value) && value >= 0; }

}  // namespace

Recall::Recall(double hits, double misses) {
  if (is_count(hits) && is_count(misses)) learn(hits, misses);
}

void Recall::learn(double hits, double misses) {
  hits_ += hits;
  misses_ += misses;
  if (const double sum = hits_ + misses_; sum > kMemory) {
    hits_ *= kMemory / sum;
    misses_ *= kMemory / sum;
  }
}

void Recall::brought(const std::vector<std::uint64_t>& shown, const std::vector<std::uint64_t>& fresh) {
  std::size_t hits = fresh.size();
  for (const auto key : fresh) open_.erase(key);
  for (const auto key : shown) hits += open_.erase(key);
  learn(static_cast<double>(hits), 0);
}

void Recall::expect(const std::vector<std::uint64_t>& keys, Time now) {
  for (const auto key : keys) {
    if (!open_.insert(key).second) continue;
    expected_.emplace_back(now, key);
    if (expected_.size() <= kMaxExpected) continue;
    if (open_.erase(expected_.front().second) > 0) learn(0, 1);
    expected_.pop_front();
  }
}

void Recall::settle(Time now, Millis late) {
  while (!expected_.empty() && expected_.front().first + late <= now) {
    if (open_.erase(expected_.front().second) > 0) learn(0, 1);
    expected_.pop_front();
  }
}

double Recall::mean() const { return (hits_ + 1) / (hits_ + misses_ + 2); }

double Recall::proven() const {
  const double n = hits_ + misses_ + 2;
  const double deviation = std::sqrt(mean() * (1 - mean()) / (n + 1));
  return std::clamp(mean() - kOneSided95 * deviation, 0.0, 1.0);
}

}  // namespace tidings::push
