#pragma once
// The web as our schedule meets it, in virtual time: hosts and feeds with every fault that they have, which count each
// request that breaks what they asked for. No sockets, no clock.

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "schedule/options.h"
#include "schedule/source_schedule.h"

namespace tidings::test {

struct Violations {
  std::uint64_t before_cache_expired = 0;
  std::uint64_t before_ttl_or_period = 0;
  std::uint64_t in_skipped_hours = 0;
  std::uint64_t ignored_retry_after = 0;
  std::uint64_t no_backoff = 0;
  std::uint64_t too_many_at_once = 0;
  std::uint64_t too_fast_for_host = 0;
  std::uint64_t too_fast_in_all = 0;
  std::uint64_t after_gone = 0;
  std::uint64_t total() const {
    return before_cache_expired + before_ttl_or_period + in_skipped_hours + ignored_retry_after + no_backoff + too_many_at_once +
           too_fast_for_host + too_fast_in_all + after_gone;
  }
};

// What a feed does besides publishing.
enum class Manner : std::uint8_t {
  plain, max_age, expires, ttl, update_period, skip_hours, retry_after_429, retry_after_date_503, retry_after_403, bare_429,
  times_out, resets, slow, redirects, redirects_elsewhere, gone, dead, count
};

class Origins {
 public:
  struct Feed {
    std::string host;
    std::string target;  // the host of its answer, where it redirects elsewhere
    Manner manner = Manner::plain;
    double per_hour = 0;
  };
  struct Answer {
    schedule::Poll poll;
    Time at;             // when it is complete
    std::string led_to;  // the host of the answer, where it is another
  };

  Origins(std::vector<Feed> feeds, const schedule::Options& options, Time begin)
      : options_(options), feeds_(std::move(feeds)), states_(feeds_.size()), all_{all_burst() + kUnforeseenInAll, begin}, begin_(begin) {}

  const Violations& violations() const { return violations_; }
  std::uint64_t requests() const { return requests_; }
  std::uint64_t faults() const { return faults_; }
  const Feed& feed(std::size_t id) const { return feeds_[id]; }

  // A request goes out: what will come of it, and when. Its end is to be told to ended().
  Answer request(std::size_t id, Time now) {
    const Feed& feed = feeds_[id];
    State& state = states_[id];
    note_request(feed.host, now);
    check(id, now);
    Answer answer;
    answer.poll.first = state.polls++ == 0;
    answer.at = now + Millis(40 + static_cast<int>(chance(id, 1) * 400));
    if (feed.manner == Manner::redirects) note_request(feed.host, now, true);
    if (!feed.target.empty()) {
      note_request(feed.target, now);
      answer.led_to = feed.target;
    }
    answer_of(id, answer);
    return answer;
  }

  void ended(std::size_t id, const Answer& answer) {
    const Feed& feed = feeds_[id];
    leave(feed.host);
    if (!feed.target.empty()) leave(feed.target);
    State& state = states_[id];
    const schedule::Poll& poll = answer.poll;
    const bool failed = poll.error || poll.status >= 400;
    state.failures = failed ? state.failures + 1 : 0;
    if (poll.status == 410) state.gone = true;
    if (const auto wait = poll.headers.retry_after(answer.at); wait && failed) {
      state.retry_after = answer.at + *wait;
      Host& host = hosts_[feed.target.empty() ? feed.host : feed.target];
      host.retry_after = std::max(host.retry_after, answer.at + *wait);
    } else if (failed) {
      const bool refused = poll.status >= 400 && poll.status < 500 && poll.status != 408;
      const Millis base = refused ? options_.refused_base : options_.backoff_base;
      state.backoff = answer.at + std::min<Micros>(options_.backoff_max, base * (std::int64_t{1} << std::min(state.failures - 1, 20))) * 79 / 100;
    } else {
      if (const auto fresh = poll.headers.fresh_for(answer.at)) state.fresh = answer.at + std::min<Micros>(*fresh, options_.max_hint_wait);
      if (feed.manner == Manner::ttl || feed.manner == Manner::update_period) state.period = answer.at + kPeriod;
    }
  }

 private:
  struct Bucket {
    double tokens = 0;
    Time filled;
    // False: it was empty.
    bool take(Time now, double rate, double burst) {
      tokens = std::min(burst, tokens + std::chrono::duration<double>(now - filled).count() * rate) - 1;
      filled = now;
      return tokens > -0.01;
    }
  };
  struct Host {
    Bucket bucket;
    unsigned in_flight = 0;
    Time retry_after;
    bool known = false;
  };
  struct State {
    std::uint32_t polls = 0;
    int failures = 0;
    bool gone = false;
    Time last_look;
    Time fresh, period, retry_after, backoff;
  };

  static constexpr Seconds kPeriod = std::chrono::hours(1);
  double all_burst() const { return std::max(10.0, 10 * options_.max_requests_per_second); }  // ten seconds' worth
  // A feed that redirects within its host takes two requests where one was expected, once, before that is known.
  static constexpr double kUnforeseen = 1;
  static constexpr double kUnforeseenInAll = 10;

  double chance(std::size_t id, std::uint64_t salt) const {
    const std::uint64_t seed = (std::uint64_t{states_[id].polls} << 16) + salt;
    return static_cast<double>(hash64({reinterpret_cast<const char*>(&id), sizeof id}, seed) >> 11) * 0x1p-53;
  }

  void note_request(const std::string& name, Time now, bool same_fetch = false) {
    ++requests_;
    Host& host = hosts_[name];
    if (!std::exchange(host.known, true)) host.bucket = {options_.host_burst + kUnforeseen, now};
    if (!same_fetch && ++host.in_flight > options_.max_fetches_per_host) ++violations_.too_many_at_once;
    if (!host.bucket.take(now, options_.host_requests_per_second, options_.host_burst + kUnforeseen)) ++violations_.too_fast_for_host;
    if (host.retry_after > now) ++violations_.ignored_retry_after;
    if (!all_.take(now, options_.max_requests_per_second, all_burst() + kUnforeseenInAll)) ++violations_.too_fast_in_all;
  }
  void leave(const std::string& name) { --hosts_[name].in_flight; }

  void check(std::size_t id, Time now) {
    const State& state = states_[id];
    if (state.gone) ++violations_.after_gone;
    if (state.fresh > now) ++violations_.before_cache_expired;
    if (state.period > now) ++violations_.before_ttl_or_period;
    if (state.retry_after > now) ++violations_.ignored_retry_after;
    if (state.backoff > now) ++violations_.no_backoff;
    const auto hour = std::chrono::floor<std::chrono::hours>(now - std::chrono::floor<std::chrono::days>(now)).count();
    if (feeds_[id].manner == Manner::skip_hours && state.polls > 0 && hour < 6) ++violations_.in_skipped_hours;
  }

  void answer_of(std::size_t id, Answer& answer) {
    const Feed& feed = feeds_[id];
    State& state = states_[id];
    schedule::Poll& poll = answer.poll;
    const bool has_fit = chance(id, 2) < 0.2;
    const int hour_of_run = static_cast<int>((answer.at - begin_) / std::chrono::hours(1));
    poll.status = 200;
    poll.window_entries = 30;
    if (feed.manner == Manner::redirects) poll.requests = 2;
    if (!feed.target.empty()) poll.requests_elsewhere = 1;
    switch (feed.manner) {
      case Manner::max_age:
        poll.headers.add("Cache-Control", "public, max-age=1800");
        poll.headers.add("Age", std::to_string(static_cast<int>(chance(id, 3) * 1800)));
        break;
      case Manner::expires: {
        poll.headers.add("Date", http_date(answer.at));
        poll.headers.add("Expires", http_date(answer.at + std::chrono::minutes(20)));
        break;
      }
      case Manner::ttl: poll.ttl_minutes = 60; break;
      case Manner::update_period: poll.update_period_seconds = 3600; break;
      case Manner::skip_hours: poll.skip_hours = 0x3F; break;
      case Manner::retry_after_429:
        if (has_fit) poll.status = 429, poll.headers.add("Retry-After", std::to_string(60 + static_cast<int>(chance(id, 4) * 7200)));
        break;
      case Manner::retry_after_date_503:
        if (has_fit) poll.status = 503, poll.headers.add("Retry-After", http_date(answer.at + Seconds(60 + static_cast<int>(chance(id, 4) * 7200))));
        break;
      case Manner::retry_after_403:
        if (has_fit) poll.status = 403, poll.headers.add("Retry-After", "3600");
        break;
      case Manner::bare_429:
        if (has_fit) poll.status = 429;
        break;
      case Manner::times_out:
        if (has_fit) poll.status = 0, poll.error = Errc::timeout, answer.at += Seconds(30);
        break;
      case Manner::resets:
        if (has_fit) poll.status = 0, poll.error = Errc::unavailable;
        break;
      case Manner::slow: answer.at += Seconds(20 + static_cast<int>(chance(id, 5) * 90)); break;
      case Manner::gone:
        if (hour_of_run >= 6) poll.status = 410;
        break;
      case Manner::dead: poll.status = chance(id, 6) < 0.5 ? 500 : 404; break;
      default: break;
    }
    if (poll.error || poll.status >= 400) {
      ++faults_;
      return;
    }
    publish(id, answer, state.last_look == Time() ? answer.at - std::chrono::hours(48) : state.last_look);
    state.last_look = answer.at;
    if (poll.published.empty() && !poll.first) poll.status = 304;
  }

  void publish(std::size_t id, Answer& answer, Time since) {
    double hours = std::chrono::duration<double, std::ratio<3600>>(answer.at - since).count();
    for (std::uint64_t n = 0;; ++n) {
      const double step = -std::log(1 - chance(id, 100 + n)) / std::max(1e-3, feeds_[id].per_hour);
      if ((hours -= step) < 0 || n == 30) break;
      answer.poll.published.push_back(answer.at - std::chrono::round<Micros>(std::chrono::duration<double, std::ratio<3600>>(hours)));
    }
    answer.poll.new_items = static_cast<std::uint32_t>(answer.poll.published.size());
  }

  static std::string http_date(Time time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<Seconds>(time));
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
  }

  schedule::Options options_;
  std::vector<Feed> feeds_;
  std::vector<State> states_;
  std::map<std::string, Host> hosts_;
  Bucket all_;
  Time begin_;
  Violations violations_;
  std::uint64_t requests_ = 0;
  std::uint64_t faults_ = 0;
};

}  // namespace tidings::test
