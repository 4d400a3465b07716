#include "schedule/source_schedule.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/hash.h"

namespace tidings::schedule {
namespace {

using FloatHours = std::chrono::duration<double, std::ratio<3600>>;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::weeks;

// A weak prior: half an item an hour, worth half an hour of watching.
constexpr double kPriorItems = 0.25;
constexpr double kPriorHours = 0.5;
// An item brings kBranching more within some kBurstTime (a self-exciting process, Hawkes 1971).
constexpr double kBranching = 0.3;
constexpr FloatHours kBurstTime{1.0 / 6};
constexpr double kMaxBurst = 600;  // items per hour
// Older dates say nothing about the rate now; dates of what a later poll finds count as fresh up to this age.
constexpr hours kOldestDate{60 * 24};
constexpr hours kFreshDate{24};
// A poll comes before the window of the document can have turned over so many times less.
constexpr double kWindowMargin = 2.5;
constexpr double kCostOfLimitedHost = 3;
constexpr double kBytesPerCost = 65536;
// Just after a cache expires, not on the dot: clocks differ, and others wait as well.
constexpr Millis kAfterCache{1000};
constexpr Millis kAfterCacheSpread{2000};
// sy:updatePeriod describes a source; one that publishes so many times as often has shown it to be wrong.
constexpr double kDisproved = 2;

constexpr char kStateVersion = 2;

Millis to_millis(double hours_) { return std::chrono::round<Millis>(FloatHours(std::clamp(hours_, 0.0, 1e5))); }

template <class T>
void increase(T& value) {
  if (value < std::numeric_limits<T>::max()) ++value;
}

bool all_skipped(std::uint32_t skip_hours, std::uint8_t skip_days) {
  return (skip_hours & 0xFFFFFF) == 0xFFFFFF || (skip_days & 0x7F) == 0x7F;
}

// The first time from `at` on that lies in no skipped hour or day.
Time after_skipped(Time at, std::uint32_t skip_hours, std::uint8_t skip_days, Limit& limit) {
  if (all_skipped(skip_hours, skip_days)) return at;
  for (;;) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const auto hour = std::chrono::floor<hours>(at - day);
    if ((skip_days >> (std::chrono::weekday(day).iso_encoding() - 1) & 1) != 0) {
      limit = Limit::skip_days;
      at = day + std::chrono::days(1);
    } else if ((skip_hours >> hour.count() & 1) != 0) {
      limit = Limit::skip_hours;
      at = day + hour + hours(1);
    } else {
      return at;
    }
  }
}

}  // namespace

bool says_too_many(const Poll& poll, Time now) {
  return poll.status == 429 || ((poll.status == 503 || poll.status == 403) && poll.headers.retry_after(now));
}

SourceSchedule::SourceSchedule(const model::Source& source)
    : id_hash_(hash64(source.id)),
      interval_(source.settings->interval.value_or(Millis(0))),
      min_interval_(source.settings->min_interval.value_or(Millis(0))),
      max_interval_(source.settings->max_interval.value_or(Millis(0))),
      weight_(static_cast<float>(source.settings->weight)) {}

Decision SourceSchedule::start(Time now, Millis spread, const Conditions& conditions) {
  Decision decision;
  decision.stop = stopped();
  decision.failures = state_.failures;
  decision.items_per_hour = items_per_hour(now, conditions);
  decision.unconditional = state_.trust.wants_check(conditions.options.unconditional_check_every);
  // A due time further off than any rule sets it is a clock that was wrong.
  const Time latest = now + std::max(conditions.options.max_retry_after, conditions.options.backoff_max) + std::chrono::days(8);
  if (due() > now && due() < latest) {
    decision.at = due();
  } else {
    decision.at = now + std::chrono::round<Millis>(chance(0) * spread);
    state_.due = to_micros(decision.at);
  }
  decision.interval = std::chrono::ceil<Millis>(decision.at - now);
  return decision;
}

Decision SourceSchedule::next(const Poll& poll, Time now, const Conditions& conditions) {
  increase(state_.polls);
  const bool failed = poll.error.has_value() || poll.status >= 400;
  Decision decision = failed ? after_failure(poll, now, conditions.options) : after_success(poll, now, conditions);
  decision.status = poll.status;
  decision.failures = state_.failures;
  decision.items_per_hour = items_per_hour(now, conditions);
  decision.unconditional = state_.trust.wants_check(conditions.options.unconditional_check_every);
  state_.due = to_micros(decision.at);
  return decision;
}

void SourceSchedule::learn(const Poll& poll, Time now, const Conditions& conditions) {
  const FloatHours half_life = std::max(conditions.options.rate_half_life, Millis(hours(1)));
  const auto keep = [&](Time since) { return std::exp2(-FloatHours(now - since) / half_life); };
  const bool first = poll.first || state_.last_success == 0;
  const Time last = from_micros(state_.last_success);

  double items = 0;
  double burst = burst_at(now);
  Time oldest = now;
  for (const Time published : poll.published) {
    if (published > now || now - published > (first ? kOldestDate : kFreshDate)) continue;
    oldest = std::min(oldest, published);
    items += first ? keep(published) : 1;
    burst += kBranching / kBurstTime.count() * std::exp(-FloatHours(now - published) / kBurstTime);
    if (!first) state_.hours.add(published);
  }
  if (first) {
    // The oldest entry begins the time watched and is not counted itself.
    if (items > 0) items -= keep(oldest);
    state_.rate_items = static_cast<float>(items);
    state_.rate_hours = static_cast<float>(half_life.count() / std::log(2.0) * (1 - keep(oldest)));
    // Whole weeks alone, so that each hour of the week was watched as long as each other.
    const Time from = now - (now - oldest) / weeks(1) * weeks(1);
    for (const Time published : poll.published) {
      if (published >= from && published <= now) state_.hours.add(published);
    }
  } else {
    const std::size_t undated = poll.new_items > poll.published.size() ? poll.new_items - poll.published.size() : 0;
    items += static_cast<double>(undated);
    for (std::size_t i = 0; i < std::min<std::size_t>(undated, 16); ++i) state_.hours.add(now);
    const double kept = now > last ? keep(last) : 1;
    const double watched = shape_hours(shape(conditions.prior), last, now);
    state_.rate_items = static_cast<float>(state_.rate_items * kept + items);
    state_.rate_hours = static_cast<float>(state_.rate_hours * kept + watched);
  }
  state_.burst = static_cast<float>(std::min(burst, kMaxBurst));
  state_.burst_at = to_micros(now);
  state_.last_success = to_micros(now);

  const double cost = poll.status == 304 ? 1.0 : std::max(1.0, static_cast<double>(poll.body_bytes) / kBytesPerCost);
  state_.cost += static_cast<float>(0.2 * (cost - state_.cost));
  if (poll.status == 304) {
    state_.trust.not_modified();
    return;
  }
  if (poll.unconditional) {
    state_.trust.checked(poll.same_validators && poll.new_items > 0);
  } else {
    state_.trust.modified();
  }
  if (poll.window_entries > 0) state_.window = static_cast<std::uint16_t>(std::min<std::uint32_t>(poll.window_entries, 0xFFFF));
  state_.ttl_minutes = static_cast<std::int32_t>(std::clamp<std::int64_t>(poll.ttl_minutes, -1, 1 << 20));
  state_.update_period = static_cast<float>(poll.update_period_seconds);
  state_.skip_hours = poll.skip_hours;
  state_.skip_days = poll.skip_days;
}

Decision SourceSchedule::after_success(const Poll& poll, Time now, const Conditions& conditions) {
  const Options& options = conditions.options;
  const Micros since_last = now - from_micros(state_.last_success);
  const bool known = state_.last_success != 0;
  learn(poll, now, conditions);
  state_.failures = 0;
  state_.stopped = 0;
  state_.host_left_alone = 0;

  Decision decision;
  const double swing = options.jitter * (2 * chance(1) - 1);
  if (interval_ > Millis(0)) {
    decision.rule = Rule::fixed;
    decision.interval = std::chrono::round<Millis>(interval_ * (1 + swing));
    decision.at = now + decision.interval;
    decision.earliest = decision.at;
    return decision;
  }
  decision.rule = Rule::square_root;
  const Millis floor = min_interval_ > Millis(0) ? min_interval_ : options.min_interval;
  const ProfileShape hourly = shape(conditions.prior);
  const Proposal proposal = square_root_interval(now, floor, hourly, conditions);
  decision.interval = proposal.interval;

  Millis interval = decision.interval;
  const auto shorten = [&](Limit limit, Millis to) {
    if (to >= interval) return;
    interval = to;
    decision.limit = limit;
  };
  if (proposal.by_ceiling) decision.limit = Limit::ceiling;
  const double peak = base_rate() * static_cast<double>(*std::max_element(hourly.begin(), hourly.end())) + burst_at(now);
  if (state_.window > 0) shorten(Limit::window, to_millis(state_.window / (kWindowMargin * peak)));
  if (poll.gap && known) shorten(Limit::gap, std::chrono::floor<Millis>(since_last / 2));
  if (interval <= floor) {
    interval = floor;
    decision.limit = Limit::floor;
  }
  // Jitter stays within floor and ceiling.
  const double moved = interval <= floor ? std::abs(swing) : proposal.by_ceiling ? -std::abs(swing) : swing;
  interval = std::max(floor, std::chrono::round<Millis>(interval * (1 + moved)));
  decision.limit_interval = interval;
  decision.at = now + interval;
  decision.earliest = now + floor;
  obey_hints(decision, poll, now, options);
  return decision;
}

// The longest interval at a rate.
double SourceSchedule::ceiling_hours(double rate, Millis floor, const Options& options) const {
  if (max_interval_ > Millis(0)) return FloatHours(std::max(floor, max_interval_)).count();
  const double quiet = std::min(1 / (std::max(options.max_polls_per_item, 1e-3) * rate), FloatHours(options.quiet_interval).count());
  return std::max(FloatHours(std::max(floor, options.max_interval)).count(), quiet);
}

// The time until the integral of the poll density reaches one, in steps over which the rate is nearly even. The ceiling is
// the least density: so it is that of the hours that are passed through, and a long quiet interval ends soon after the
// source's busy hours begin.
SourceSchedule::Proposal SourceSchedule::square_root_interval(Time now, Millis floor, const ProfileShape& hourly,
                                                              const Conditions& conditions) const {
  const double cost = static_cast<double>(state_.cost) * (conditions.host_rate_limited ? kCostOfLimitedHost : 1);
  const double scale = conditions.kappa * std::sqrt(std::max(0.0, static_cast<double>(weight_)) / std::max(1.0, cost)) *
                       (1 - std::clamp(conditions.push_recall, 0.0, 1.0));
  const double base = base_rate();
  double reached = 0;
  for (Time t = now;;) {
    const double burst = burst_at(t);
    Time edge = Time(std::chrono::floor<hours>(t)) + hours(1);
    if (burst > 0.05 * base) edge = std::min(edge, t + minutes(2));
    const double rate = base * static_cast<double>(hourly[profile_slot(t)]) + burst;
    const double wanted = scale * std::sqrt(rate);
    const double least = 1 / ceiling_hours(rate, floor, conditions.options);
    const double density = std::max(wanted, least);
    const double step = density * FloatHours(edge - t).count();
    if (reached + step >= 1) {
      return {std::chrono::ceil<Millis>(t - now) + to_millis((1 - reached) / density), least >= wanted};
    }
    reached += step;
    t = edge;
  }
}

void SourceSchedule::obey_hints(Decision& decision, const Poll& poll, Time now, const Options& options) const {
  const auto lengthen = [&](Limit limit, Micros to) {
    const Millis wait = std::min(std::chrono::ceil<Millis>(to), options.max_hint_wait);
    decision.earliest = std::max(decision.earliest, now + wait);
    if (now + wait <= decision.at) return;
    decision.at = now + wait;
    decision.limit = limit;
    decision.limit_interval = wait;
  };
  if (const auto fresh = poll.headers.fresh_for(now); fresh && *fresh > Seconds(0)) {
    lengthen(Limit::cache, *fresh + kAfterCache + std::chrono::round<Millis>(chance(2) * kAfterCacheSpread));
  }
  if (state_.ttl_minutes > 0) lengthen(Limit::ttl, minutes(state_.ttl_minutes));
  const double period = static_cast<double>(state_.update_period) / 3600;
  if (period > 0 && base_rate() * period < kDisproved) lengthen(Limit::update_period, to_millis(period));

  Limit ignored = Limit::none;
  decision.earliest = after_skipped(decision.earliest, state_.skip_hours, state_.skip_days, ignored);
  const Time open = after_skipped(decision.at, state_.skip_hours, state_.skip_days, decision.limit);
  if (open != decision.at) {
    decision.at = open_at(decision.at);
    decision.limit_interval = std::chrono::ceil<Millis>(decision.at - now);
  }
}

Time SourceSchedule::open_at(Time at) const {
  if (interval_ > Millis(0)) return at;  // the user's own interval goes before the feed's wishes
  Limit limit = Limit::none;
  const Time open = after_skipped(at, state_.skip_hours, state_.skip_days, limit);
  return open == at ? at : open + std::chrono::round<Millis>(chance(3) * Millis(minutes(5)));
}

Decision SourceSchedule::after_failure(const Poll& poll, Time now, const Options& options) {
  increase(state_.failures);
  Decision decision;
  const Millis floor = min_interval_ > Millis(0) ? min_interval_ : options.min_interval;
  const auto asked = poll.headers.retry_after(now);
  if (poll.status == 410) {
    decision.rule = Rule::gone;
    decision.stop = true;
    state_.stopped = 1;
    decision.interval = options.backoff_max;
  } else if (asked && poll.status >= 400) {
    decision.rule = Rule::retry_after;
    const Millis wait = std::max(floor, std::min<Millis>(*asked, options.max_retry_after));
    if (says_too_many(poll, now)) state_.host_left_alone = to_micros(now + wait);
    // Never earlier than asked, and not all at once.
    decision.interval = wait + std::chrono::round<Millis>(chance(4) * options.jitter * wait);
  } else {
    decision.rule = poll.status == 429 ? Rule::rate_limited : Rule::backoff;
    const bool refused = poll.status >= 400 && poll.status < 500 && poll.status != 408;
    const Millis base = refused ? options.refused_base : options.backoff_base;
    const int doublings = std::min(state_.failures - 1, 30);
    const Millis wait = std::min<Millis>(options.backoff_max, base * (std::int64_t{1} << doublings));
    decision.interval = std::max(floor, std::chrono::round<Millis>(wait * (0.8 + 0.4 * chance(5))));
  }
  decision.at = now + decision.interval;
  decision.earliest = decision.at;
  return decision;
}

ProfileShape SourceSchedule::shape(const ProfileShape& prior) const {
  return shrink(state_.hours, prior, weeks_watched());
}

double SourceSchedule::base_rate() const {
  const double rate = (static_cast<double>(state_.rate_items) + kPriorItems) / (static_cast<double>(state_.rate_hours) + kPriorHours);
  return (1 - kBranching) * rate;
}

double SourceSchedule::burst_at(Time now) const {
  const FloatHours age = now - from_micros(state_.burst_at);
  return state_.burst > 0 ? static_cast<double>(state_.burst) * std::exp(-std::max(0.0, age / kBurstTime)) : 0;
}

double SourceSchedule::items_per_hour(Time now, const Conditions& conditions) const {
  const ProfileShape hourly = shape(conditions.prior);
  return base_rate() * static_cast<double>(hourly[profile_slot(now)]) + burst_at(now);
}

double SourceSchedule::chance(std::uint32_t salt) const {
  const std::uint64_t seed = (static_cast<std::uint64_t>(state_.polls) << 32) | salt;
  const std::uint64_t bits = hash64({reinterpret_cast<const char*>(&id_hash_), sizeof id_hash_}, seed);
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

std::string SourceSchedule::save() const {
  std::string bytes(1, kStateVersion);
  each_field(state_, [&](const auto& field) { bytes.append(reinterpret_cast<const char*>(&field), sizeof field); });
  return bytes;
}

std::size_t SourceSchedule::saved_bytes() {
  std::size_t size = 1;
  State state;
  each_field(state, [&](const auto& field) { size += sizeof field; });
  return size;
}

bool SourceSchedule::load(std::string_view bytes) {
  State read;
  if (bytes.size() != saved_bytes() || bytes.front() != kStateVersion) return false;
  const char* from = bytes.data() + 1;
  each_field(read, [&](auto& field) {
    std::memcpy(&field, from, sizeof field);
    from += sizeof field;
  });
  const auto sound = [](float value) { return std::isfinite(value) && value >= 0; };
  if (!sound(read.rate_items) || !sound(read.rate_hours) || !sound(read.burst) || !sound(read.cost)) return false;
  state_ = read;
  return true;
}

}  // namespace tidings::schedule
