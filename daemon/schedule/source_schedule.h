#pragma once
// When to poll one source next, and why.
//
// The rate of a source is a Gamma posterior with forgetting, times an hour-of-week profile, plus a term for bursts. With
// polls of density p(t) = kappa * sqrt(weight * rate(t) / cost) the mean delay of items is least for a given number of
// requests (Cho and Garcia-Molina 2003; Azar et al., PNAS 2018; Kolobov et al., NeurIPS 2019); the next poll is due when
// the integral of p reaches one. What the origin asks for moves it later; a floor and a ceiling hold always.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/source.h"
#include "schedule/cache_headers.h"
#include "schedule/options.h"
#include "schedule/profile.h"
#include "schedule/validator_trust.h"

namespace tidings::schedule {

// What one poll came to, as the conductor saw it.
struct Poll {
  std::optional<Errc> error;  // no answer, or an answer that could not be used (too large, no feed)
  int status = 0;             // HTTP status of the last response, 0: none
  CacheHeaders headers;
  std::uint64_t body_bytes = 0;      // received
  unsigned requests = 1;             // made, with redirects, pages and follow-ups; to the source's own host ...
  unsigned requests_elsewhere = 0;   // ... and to the one that it was led to
  bool conditional = false;          // the request went with validators
  bool unconditional = false;        // the request went without validators although we hold some
  bool same_validators = false;      // a 200 whose ETag and Last-Modified are those we hold
  bool first = false;                // nothing was known of this source before: all entries count as new
  bool gap = false;                  // no entry was known: items were lost between two polls (gap.h)
  std::uint32_t window_entries = 0;  // entries in the document, 0: not known
  std::uint32_t new_items = 0;       // of them not known before
  std::vector<Time> published;       // the stated dates of the new ones, where there are any

  // What the document asks for; as in model::Feed.
  std::int64_t ttl_minutes = -1;
  double update_period_seconds = -1;
  std::uint32_t skip_hours = 0;
  std::uint8_t skip_days = 0;
};

// What the source's schedule depends on besides itself.
struct Conditions {
  const Options& options;
  double kappa = 12;                    // Budget::kappa()
  ProfileShape prior = flat_shape();    // the host's profile, shrunk to the language's
  bool host_rate_limited = false;       // the host has said 429 lately: requests to it cost more
  double push_recall = 0;               // proven share of items that push delivers, 0 to 1
};

// What proposed the time of a poll...
enum class Rule : std::uint8_t { first, fixed, square_root, retry_after, rate_limited, backoff, gone };
// ... and what moved it.
enum class Limit : std::uint8_t { none, floor, ceiling, window, gap, cache, ttl, update_period, skip_hours, skip_days };

struct Decision {
  Time at;
  Rule rule = Rule::first;
  Limit limit = Limit::none;
  Millis interval{0};         // as the rule proposed it, before the limit
  Millis limit_interval{0};   // as the limit has it
  double items_per_hour = 0;  // the rate now, as estimated
  std::uint32_t failures = 0;
  int status = 0;
  Time earliest;               // the earliest time that the origin's wishes and the floor allow
  bool stop = false;           // no more polls: the source is gone until somebody starts it again
  bool unconditional = false;  // send the next request without validators

  bool operator==(const Decision&) const = default;
};
// "Too many requests": 429, and 503 or 403 with a time to come back at. It speaks for the host, not for the one URL.
bool says_too_many(const Poll& poll, Time now);
// Of a first poll.
inline constexpr const char* kFirstPoll = "first poll since the start";
// In words: "square-root rule at 4.2 items/h: 180 s, moved by Cache-Control or Expires to 300 s".
std::string to_words(const Decision& decision);

// Value type without clock, randomness or references; about 200 bytes.
class SourceSchedule {
 public:
  explicit SourceSchedule(const model::Source& source);

  // The time of the first poll: the stored one where it is still to come, else spread over `spread` by the source's id.
  Decision start(Time now, Millis spread, const Conditions& conditions);
  // Learns from a poll that ended at `now` and says when the next one is due.
  Decision next(const Poll& poll, Time now, const Conditions& conditions);
  // A poll that was due could not go out (host limits): it is due again at `at`. No failure, nothing learnt.
  void postpone(Time at) { state_.due = to_micros(at); }

  // Somebody starts it again: what stopped it or made it wait is forgotten, what was learnt of it is not.
  void restart() { state_.due = 0, state_.failures = 0, state_.stopped = 0; }

  // The first time from `at` on that lies in none of the hours and days that the feed asks to be left alone in; spread a
  // little, that not all of them come on the hour.
  Time open_at(Time at) const;

  Time due() const { return from_micros(state_.due); }
  bool stopped() const { return state_.stopped != 0; }
  std::uint32_t failures() const { return state_.failures; }
  double items_per_hour(Time now, const Conditions& conditions) const;
  // Its parts: the mean over the week without bursts, the hours relative to it, the burst that is on.
  double base_rate() const;
  ProfileShape shape(const ProfileShape& prior) const;
  double burst_at(Time now) const;
  double cost() const { return static_cast<double>(state_.cost); }
  // The hours at which it publishes and for how long it was watched, for the profiles of its host and language.
  const SmallProfile& profile() const { return state_.hours; }
  double weeks_watched() const { return static_cast<double>(state_.rate_hours) / (7 * 24); }
  // Until when its last answer asked to leave its host alone, also over a restart; the epoch: it did not.
  Time host_left_alone() const { return from_micros(state_.host_left_alone); }
  bool distrusts_validators() const { return state_.trust.distrusts(); }

  // What was learnt, without the configuration, as bytes for the store; load() takes only what save() of this version
  // wrote and says false, changing nothing, otherwise.
  std::string save() const;
  bool load(std::string_view bytes);
  static std::size_t saved_bytes();

 private:
  struct State {
    std::int64_t due = 0;
    std::int64_t last_success = 0;  // micros, 0: never
    std::int64_t burst_at = 0;
    std::int64_t host_left_alone = 0;  // until then, by a Retry-After that speaks for the host
    float rate_items = 0;  // the Gamma posterior's shape ...
    float rate_hours = 0;  // ... and rate, hours weighted by the profile
    float burst = 0;       // items per hour, at burst_at
    float cost = 1;
    float update_period = -1;  // seconds
    std::int32_t ttl_minutes = -1;
    std::uint32_t skip_hours = 0;
    std::uint32_t polls = 0;
    std::uint16_t failures = 0;
    std::uint16_t window = 0;
    ValidatorTrust trust;
    std::uint8_t skip_days = 0;
    std::uint8_t stopped = 0;  // a bool would be undefined where the stored byte is neither 0 nor 1
    SmallProfile hours;
  };
  // The one list of what is saved, for both ways.
  template <class S, class F>
  static void each_field(S& s, F f) {
    f(s.due), f(s.last_success), f(s.burst_at), f(s.host_left_alone), f(s.rate_items), f(s.rate_hours), f(s.burst), f(s.cost);
    f(s.update_period), f(s.ttl_minutes), f(s.skip_hours), f(s.polls), f(s.failures), f(s.window), f(s.trust);
    f(s.skip_days), f(s.stopped), f(s.hours);
  }

  void learn(const Poll& poll, Time now, const Conditions& conditions);
  Decision after_success(const Poll& poll, Time now, const Conditions& conditions);
  Decision after_failure(const Poll& poll, Time now, const Options& options);
  double ceiling_hours(double rate, Millis floor, const Options& options) const;
  struct Proposal {
    Millis interval;
    bool by_ceiling = false;
  };
  Proposal square_root_interval(Time now, Millis floor, const ProfileShape& hourly, const Conditions& conditions) const;
  void obey_hints(Decision& decision, const Poll& poll, Time now, const Options& options) const;
  // In [0, 1), the same for the same source and poll.
  double chance(std::uint32_t salt) const;

  std::uint64_t id_hash_ = 0;
  Millis interval_{0};  // 0: not set
  Millis min_interval_{0};
  Millis max_interval_{0};
  float weight_ = 1;
  State state_;
};

static_assert(sizeof(SourceSchedule) <= 208);

}  // namespace tidings::schedule
