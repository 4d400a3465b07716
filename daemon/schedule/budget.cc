#include "schedule/budget.h"

#include <algorithm>
#include <cmath>

namespace tidings::schedule {
namespace {

using FloatSeconds = std::chrono::duration<double>;

// The controller acts once a period, in velocity form on ln kappa: no integral is kept that could wind up while kappa
// is at its bound. With these gains it closes a deviation within about an hour, as long as the longest intervals take.
constexpr Seconds kPeriod{60};
// ... or as long as so many requests take: fewer are too much a matter of chance to steer by.
constexpr double kRequestsPerPeriod = 100;
constexpr double kProportional = 0.1;
constexpr double kIntegral = 0.03;
constexpr double kMaxError = 1;
// A bucket that runs empty hides how much more was wanted: the error when every request had to wait.
constexpr double kErrorWhenDenied = -0.3;
// The aim stays a little under the bucket's rate, so that the bucket is seldom empty.
constexpr double kAim = 0.95;
constexpr double kMinKappaShare = 1e-5;
constexpr double kBurstSeconds = 10;
constexpr double kMinBurst = 10;
// What a source of which nothing is known is taken to publish in an hour.
constexpr double kTypicalRate = 0.5;

}  // namespace

Budget::Budget(const Options& options, std::size_t sources, Time now)
    : limit_(std::max(options.max_requests_per_second, 1e-3)),
      first_spread_(std::min(options.default_interval,
                             std::chrono::ceil<Millis>(FloatSeconds(static_cast<double>(sources) / limit_)))),
      period_(std::max<Micros>(kPeriod, std::chrono::ceil<Micros>(FloatSeconds(kRequestsPerPeriod / limit_)))),
      max_kappa_(options.eagerness),
      filled_(now),
      period_start_(now) {
  const double wanted = static_cast<double>(std::max<std::size_t>(sources, 1)) * std::sqrt(kTypicalRate) / 3600;
  kappa_ = std::min(max_kappa_, limit_ / wanted);
  tokens_ = capacity();
}

double Budget::capacity() const { return std::max(kMinBurst, limit_ * kBurstSeconds); }

bool Budget::ready(Time now) {
  if (now > filled_) {
    tokens_ = std::min(capacity(), tokens_ + FloatSeconds(now - filled_).count() * limit_);
    filled_ = now;
  }
  if (now - period_start_ >= period_) control(now);
  if (tokens_ < 1) {
    ++denied_;
    return false;
  }
  return true;
}

bool Budget::take(Time now) {
  if (!ready(now)) return false;
  tokens_ -= 1;
  ++requests_;
  return true;
}

void Budget::charge(unsigned requests) {
  tokens_ = std::max(-capacity(), tokens_ - static_cast<double>(requests));
  requests_ += requests;
}

Time Budget::next_free() const {
  if (tokens_ >= 1) return filled_;
  return filled_ + std::chrono::ceil<Micros>(FloatSeconds((1 - tokens_) / limit_));
}

void Budget::control(Time now) {
  const double seconds = FloatSeconds(now - period_start_).count();
  observed_ = static_cast<double>(requests_) / seconds;
  double error = std::clamp(std::log(kAim * limit_ / std::max(observed_, 1e-9)), -kMaxError, kMaxError);
  const double waiting = std::min(1.0, static_cast<double>(denied_) / static_cast<double>(std::max<std::size_t>(requests_, 1)));
  error = std::clamp(error + kErrorWhenDenied * waiting, -kMaxError, kMaxError);
  const double periods = std::min(seconds / FloatSeconds(period_).count(), 10.0);
  const double step = kProportional * (error - last_error_) + kIntegral * error * periods;
  kappa_ = std::clamp(kappa_ * std::exp(step), max_kappa_ * kMinKappaShare, max_kappa_);
  last_error_ = error;
  requests_ = 0;
  denied_ = 0;
  period_start_ = now;
}

}  // namespace tidings::schedule
