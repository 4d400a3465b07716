#pragma once
// When a delivery that failed is tried again: ten attempts over about 75.6 hours, as the Standard Webhooks
// specification recommends (immediately, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/alert.h"

namespace tidings::alert {

// What one attempt came to.
struct Attempt {
  int status = 0;     // HTTP status, or 200 for a command that ended with 0; 0: no answer
  std::string error;  // one sentence where it failed without a status
  std::optional<Seconds> retry_after;
};

enum class Outcome : std::uint8_t {
  delivered,
  retry,
  abandon,  // attempts are used up
  disable,  // 410: the receiver wants no more deliveries of this hook
};

struct RetryDecision {
  Outcome outcome = Outcome::delivered;
  Time at;             // retry
  std::string reason;  // one sentence, empty where delivered
};

inline constexpr std::uint32_t kMaxAttempts = 10;

// `delivery.attempts` counts this one. 2xx is success, all else failure (a redirect is not followed: it fails).
// Retry-After on 429 and 5xx can make the wait longer, up to a day. The jitter, up to a tenth later, is the same for the
// same delivery and attempt.
RetryDecision decide(const model::Delivery& delivery, const Attempt& attempt, Time now);

}  // namespace tidings::alert
