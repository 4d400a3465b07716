#include "alert/retry.h"

#include <algorithm>
#include <array>

#include "base/hash.h"

namespace tidings::alert {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// After the first attempt, which is made at once.
constexpr std::array<Seconds, kMaxAttempts - 1> kWaits = {
    Seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)};
constexpr Seconds kMaxRetryAfter = hours(24);
constexpr double kJitter = 0.1;

std::string reason_of(const Attempt& attempt) {
  if (attempt.status == 0) return attempt.error.empty() ? "no answer" : attempt.error;
  if (attempt.status >= 300 && attempt.status < 400) {
    return "HTTP " + std::to_string(attempt.status) + ": redirects of webhooks are not followed";
  }
  return "HTTP " + std::to_string(attempt.status);
}

}  // namespace

RetryDecision decide(const model::Delivery& delivery, const Attempt& attempt, Time now) {
  if (attempt.status >= 200 && attempt.status < 300) return {Outcome::delivered, now, {}};
  std::string reason = reason_of(attempt);
  if (attempt.status == 410) return {Outcome::disable, now, std::move(reason)};
  const std::uint32_t made = std::max(1U, delivery.attempts);
  if (made >= kMaxAttempts) return {Outcome::abandon, now, std::move(reason)};

  const Seconds wait = kWaits[made - 1];
  const double chance = static_cast<double>(hash64(delivery.alert_id + delivery.hook_id, made) >> 11) * 0x1p-53;
  Time at = now + std::chrono::round<Micros>(wait * (1 + kJitter * chance));
  if (attempt.retry_after && (attempt.status == 429 || attempt.status >= 500)) {
    at = std::max(at, now + std::clamp(*attempt.retry_after, Seconds(0), kMaxRetryAfter));
  }
  return {Outcome::retry, at, std::move(reason)};
}

}  // namespace tidings::alert
