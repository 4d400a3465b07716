#include "schedule/dispatcher.h"

#include <algorithm>

#include "base/hash.h"

namespace tidings::schedule {

void Dispatcher::begin(std::size_t sources, Time now) {
  if (!budget_) budget_.emplace(options_, sources, now);
}

Decision Dispatcher::add(Id id, SourceSchedule& schedule, const Address& address, Time now) {
  if (id >= slots_.size()) slots_.resize(static_cast<std::size_t>(id) + 1);
  slots_[id] = {};
  ++sources_of_host_[hash64(address.host)];
  profiles_.restore(shared(address.host) ? address.host : "", address.language, schedule.profile(), schedule.weeks_watched());
  if (!address.host.empty() && schedule.host_left_alone() > now) hosts_.leave_alone(address.host, now, schedule.host_left_alone());
  const Decision decision = schedule.start(now, budget_ ? budget_->first_spread() : options_.default_interval, conditions(address));
  if (!decision.stop) queue_.reschedule(id, decision.at);
  return decision;
}

void Dispatcher::remove(Id id, const Address& address) {
  queue_.remove(id);
  const auto found = sources_of_host_.find(hash64(address.host));
  if (found != sources_of_host_.end() && --found->second == 0) sources_of_host_.erase(found);
}

bool Dispatcher::shared(std::string_view host) const {
  const auto found = sources_of_host_.find(hash64(host));
  return found != sources_of_host_.end() && found->second > 1;
}

bool Dispatcher::ready(Time now) {
  const auto due = queue_.next_due();
  return due && *due <= now && (!budget_ || budget_->ready(now));
}

bool Dispatcher::admit(Id id, const Address& address, Time now) {
  Slot& slot = slots_[id];
  const auto wait = [&](const HostLimiter::Admission& admission) {
    slot.waited = true;
    slot.held = admission.held;
    queue_.reschedule(id, admission.retry_at);
    return false;
  };
  // One that waited, or was due while we were away, may have come into hours that it wants to be left alone in.
  if (address.schedule != nullptr) {
    if (const Time open = address.schedule->open_at(now); open > now) {
      queue_.reschedule(id, open);
      return false;
    }
  }
  if (!address.host.empty()) {
    const auto own = hosts_.ask(address.host, now, slot.waited, slot.requests);
    if (!own.granted) return wait(own);
    if (!address.led_to.empty()) {
      const auto other = hosts_.ask(address.led_to, now, slot.waited);
      if (!other.granted) {
        hosts_.give_back(address.host, slot.requests);
        return wait(other);
      }
    }
  }
  if (!slot.waited) slot.held = HostLimiter::Held::no;
  slot.waited = false;
  if (budget_) {
    budget_->take(now);
    budget_->charge(slot.requests - 1U + (address.led_to.empty() ? 0U : 1U));
  }
  return true;
}

std::string_view Dispatcher::held(Id id) const {
  switch (slots_[id].held) {
    case HostLimiter::Held::no: break;
    case HostLimiter::Held::others_wait: return "others wait for the same host";
    case HostLimiter::Held::retry_after: return "its host asked by Retry-After to be left alone";
    case HostLimiter::Held::at_once: return "as many fetches of its host were under way as are allowed";
    case HostLimiter::Held::rate: return "the rate of requests to its host";
  }
  return "";
}

OptionalTime Dispatcher::wake_at() const {
  const auto due = queue_.next_due();
  return due && budget_ ? std::max(*due, budget_->next_free()) : due;
}

Decision Dispatcher::answered(Id id, SourceSchedule& schedule, const Address& address, const Poll& poll, Time now) {
  Slot& slot = slots_[id];
  if (!address.host.empty()) {
    const bool too_many = says_too_many(poll, now);
    const auto asked = too_many ? poll.headers.retry_after(now) : std::nullopt;
    const bool elsewhere = !address.led_to.empty();
    const unsigned more = poll.requests > slot.requests ? poll.requests - slot.requests : 0;
    const unsigned more_elsewhere = elsewhere && poll.requests_elsewhere > 0 ? poll.requests_elsewhere - 1 : poll.requests_elsewhere;
    hosts_.done(address.host, now, too_many && !elsewhere, elsewhere ? std::nullopt : asked, more);
    if (elsewhere) hosts_.done(address.led_to, now, too_many, asked, more_elsewhere);
    if (budget_) budget_->charge(more + more_elsewhere);
    slot.requests = static_cast<std::uint8_t>(std::clamp(poll.requests, 1U, 255U));
  }
  if (!poll.first) profiles_.add(shared(address.host) ? address.host : "", address.language, poll.published, schedule.weeks_watched());
  return schedule.next(poll, now, conditions(address));
}

void Dispatcher::abandoned(const Address& address, Time now) {
  if (address.host.empty()) return;
  hosts_.done(address.host, now, false, std::nullopt);
  if (!address.led_to.empty()) hosts_.done(address.led_to, now, false, std::nullopt);
}

Conditions Dispatcher::conditions(const Address& address) const {
  Conditions now{options_};
  if (budget_) now.kappa = budget_->kappa();
  now.push_recall = address.push_recall;
  now.prior = profiles_.shape(shared(address.host) ? address.host : "", address.language);
  now.host_rate_limited = !address.host.empty() && (hosts_.rate_limited(address.host) ||
                                                    (!address.led_to.empty() && hosts_.rate_limited(address.led_to)));
  return now;
}

}  // namespace tidings::schedule
