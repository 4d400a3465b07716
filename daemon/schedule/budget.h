#pragma once
// The global budget of requests: kappa of the square-root rule, moved slowly so that the requests made come to the
// budget, and a token bucket that no burst passes.

#include <cstddef>

#include "base/clock.h"
#include "schedule/options.h"

namespace tidings::schedule {

class Budget {
 public:
  // `sources`: how many adaptive sources there are, for a first guess at kappa.
  Budget(const Options& options, std::size_t sources, Time now);

  double kappa() const { return kappa_; }
  // Is a request left in the bucket? Ask before a source is taken from the queue, and let it wait there until next_free().
  bool ready(Time now);
  Time next_free() const;
  // Takes one request. False: none was left.
  bool take(Time now);
  // Requests that were made beyond those taken (redirects, pages): the bucket owes them.
  void charge(unsigned requests);
  // How long first polls are spread over: as long as the budget needs for all sources, default_interval at the most.
  Millis first_spread() const { return first_spread_; }
  // Requests a second, as seen by the controller over its last period.
  double observed_rate() const { return observed_; }

 private:
  void control(Time now);
  double capacity() const;

  double limit_;  // requests a second
  Millis first_spread_;
  Micros period_;  // of the controller
  double max_kappa_;
  double kappa_ = 0;
  double tokens_ = 0;
  double observed_ = 0;
  double last_error_ = 0;
  std::size_t requests_ = 0;  // since period_start_
  std::size_t denied_ = 0;    // since period_start_
  Time filled_;
  Time period_start_;
};

}  // namespace tidings::schedule
