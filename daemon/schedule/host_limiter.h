#pragma once
// Politeness to hosts: a rate and a number of fetches at once for each, shared by all its sources. A host that says "too
// many requests" has its rate halved, and regains it step by step (additive increase, multiplicative decrease).

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "schedule/options.h"

namespace tidings::schedule {

// What politeness counts the requests for a URL by: the registrable domain of its host. Empty where it has none.
std::string politeness_key(std::string_view url);

class HostLimiter {
 public:
  explicit HostLimiter(const Options& options) : options_(options) {}

  enum class Held : std::uint8_t { no, others_wait, retry_after, at_once, rate };
  struct Admission {
    bool granted = false;
    Held held = Held::no;
    Time retry_at;  // not granted: come back then, with `waited`; each that waits gets a time of its own
  };
  // Asks for one fetch. `host` is the caller's key, the registrable domain. `waited`: this fetch comes back at the
  // retry_at that it was given; others stand behind those that wait. `requests`: that the fetch is expected to make, one
  // after another (redirects, pages).
  Admission ask(std::string_view host, Time now, bool waited, unsigned requests = 1);
  // A granted fetch that did not take place after all.
  void give_back(std::string_view host, unsigned requests = 1);
  // Every granted fetch ends in one call. `retry_after`: all of the host is left alone for that long. `more_requests`: that
  // the fetch made beyond those that it asked for.
  void done(std::string_view host, Time now, bool rate_limited, std::optional<Seconds> retry_after, unsigned more_requests = 0);

  // What a Retry-After from before the start still asks for.
  void leave_alone(std::string_view host, Time now, Time until);

  // Has the host said "too many requests" and not yet regained its rate?
  bool rate_limited(std::string_view host) const;
  double requests_per_second(std::string_view host) const;
  std::size_t hosts() const { return hosts_.size(); }
  // What holds of a host now, to be shown; that of a host at rest where nothing is known of it.
  struct State {
    double requests_per_second = 0;
    double tokens = 0;  // requests that may go at once
    unsigned in_flight = 0;
    OptionalTime blocked_until;  // by Retry-After
    OptionalTime waits_until;    // the last time given to one that waits
  };
  State state(std::string_view host, Time now) const;

 private:
  struct Host {
    double rate = 0;    // requests a second
    double tokens = 0;  // at `filled`
    Time filled;
    Time last_slot;      // the latest retry_at that was handed out
    Time blocked_until;
    unsigned in_flight = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  Host& at(std::string_view host, Time now);
  void sweep(Time now);
  double max_rate() const;
  double burst() const;

  Options options_;
  std::unordered_map<std::string, Host, Hash, std::equal_to<>> hosts_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace tidings::schedule
