#include "schedule/host_limiter.h"

#include <algorithm>

#include "base/url.h"

namespace tidings::schedule {
namespace {

using FloatSeconds = std::chrono::duration<double>;

// After "too many requests": half the rate, not less than one in ten minutes; each good answer gives a part back.
constexpr double kDecrease = 0.5;
constexpr double kIncreaseShare = 1.0 / 50;
constexpr double kMinRate = 1.0 / 600;
// Waits are handed out to the microsecond; what was rounded off on the way is not held against the one who waited.
constexpr double kOneToken = 0.999;

Micros time_of(double requests, double rate) { return std::chrono::ceil<Micros>(FloatSeconds(requests / rate)); }

}  // namespace

std::string politeness_key(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed && !parsed->host.empty() ? registrable_domain(parsed->host) : std::string();
}

HostLimiter::Host& HostLimiter::at(std::string_view name, Time now) {
  if (hosts_.size() >= sweep_at_) sweep(now);
  auto found = hosts_.find(name);
  if (found == hosts_.end()) {
    Host fresh;
    fresh.rate = max_rate();
    fresh.tokens = burst();
    fresh.filled = now;
    found = hosts_.emplace(std::string(name), fresh).first;
  }
  return found->second;
}

void HostLimiter::leave_alone(std::string_view name, Time now, Time until) {
  Host& host = at(name, now);
  host.blocked_until = std::max(host.blocked_until, std::min(until, now + options_.max_retry_after));
}

HostLimiter::Admission HostLimiter::ask(std::string_view name, Time now, bool waited, unsigned requests) {
  Host& host = at(name, now);
  if (now > host.filled) {
    host.tokens = std::min(burst(), host.tokens + FloatSeconds(now - host.filled).count() * host.rate);
    host.filled = now;
  }
  const bool others_wait = !waited && host.last_slot > now;
  const bool full = host.in_flight >= std::max(1U, options_.max_fetches_per_host);
  const double wanted = std::min(static_cast<double>(std::max(1U, requests)), burst());
  if (host.blocked_until > now || others_wait || full || host.tokens < wanted * kOneToken) {
    // A debt from requests that nobody had asked for is paid first.
    const Time paid = host.tokens < 0 ? now + time_of(-host.tokens, host.rate) : now;
    host.last_slot = std::max({paid, host.last_slot, host.blocked_until}) + time_of(wanted, host.rate);
    const Held held = host.blocked_until > now ? Held::retry_after : full ? Held::at_once : others_wait ? Held::others_wait : Held::rate;
    return {false, held, host.last_slot};
  }
  host.tokens = host.tokens < wanted ? 0 : host.tokens - wanted;
  ++host.in_flight;
  return {true, Held::no, now};
}

void HostLimiter::give_back(std::string_view name, unsigned requests) {
  const auto found = hosts_.find(name);
  if (found == hosts_.end()) return;
  Host& host = found->second;
  if (host.in_flight > 0) --host.in_flight;
  host.tokens = std::min(burst(), host.tokens + static_cast<double>(std::max(1U, requests)));
}

void HostLimiter::done(std::string_view name, Time now, bool rate_limited, std::optional<Seconds> retry_after,
                       unsigned more_requests) {
  const auto found = hosts_.find(name);
  if (found == hosts_.end()) return;
  Host& host = found->second;
  if (host.in_flight > 0) --host.in_flight;
  host.tokens = std::max(-burst(), host.tokens - static_cast<double>(more_requests));
  if (rate_limited) {
    host.rate = std::max(kMinRate, host.rate * kDecrease);
    host.tokens = std::min(host.tokens, 0.0);
  } else {
    host.rate = std::min(max_rate(), host.rate + max_rate() * kIncreaseShare);
  }
  if (retry_after) {
    const Micros wait = std::min<Micros>(*retry_after, options_.max_retry_after);
    host.blocked_until = std::max(host.blocked_until, now + wait);
  }
}

bool HostLimiter::rate_limited(std::string_view name) const {
  return requests_per_second(name) < max_rate() * kOneToken;
}

double HostLimiter::requests_per_second(std::string_view name) const {
  const auto found = hosts_.find(name);
  return found == hosts_.end() ? max_rate() : found->second.rate;
}

HostLimiter::State HostLimiter::state(std::string_view name, Time now) const {
  State state;
  const auto found = hosts_.find(name);
  if (found == hosts_.end()) {
    state.requests_per_second = max_rate();
    state.tokens = burst();
    return state;
  }
  const Host& host = found->second;
  state.requests_per_second = host.rate;
  state.tokens = std::min(burst(), host.tokens + std::max(0.0, FloatSeconds(now - host.filled).count()) * host.rate);
  state.in_flight = host.in_flight;
  if (host.blocked_until > now) state.blocked_until = host.blocked_until;
  if (host.last_slot > now) state.waits_until = host.last_slot;
  return state;
}

double HostLimiter::max_rate() const { return std::max(options_.host_requests_per_second, kMinRate); }
double HostLimiter::burst() const { return std::max(1.0, static_cast<double>(options_.host_burst)); }

// Forgets hosts of which a fresh entry would say the same.
void HostLimiter::sweep(Time now) {
  std::erase_if(hosts_, [&](const auto& entry) {
    const Host& host = entry.second;
    return host.in_flight == 0 && host.rate >= max_rate() && host.last_slot <= now && host.blocked_until <= now &&
           host.filled + time_of(burst(), host.rate) <= now;
  });
  sweep_at_ = std::max<std::size_t>(1024, 2 * hosts_.size());
}

}  // namespace tidings::schedule
