#pragma once
// Delivers alerts to hooks. A delivery is in the store before it is tried and leaves it only by an answer, by ten failures
// over three days, or by a receiver that is gone: retry.h decides, this is the shell round it.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "alert/options.h"
#include "alert/retry.h"
#include "base/log.h"
#include "base/metrics.h"
#include "http/client.h"
#include "loop/asio.h"
#include "loop/event.h"
#include "loop/task_scope.h"
#include "model/alert.h"
#include "store/store.h"

namespace tidings::alert {

// Loop thread only. Store, client and metrics outlive it. Spawn run() in a scope; await stop() before it is destroyed.
class Hooks {
 public:
  Hooks(asio::any_io_executor executor, store::Store& store, http::Client& http, std::vector<Hook> hooks, Options options,
        Metrics& metrics, Log log);

  // Tries what is due, each hook in the order of its deliveries, until cancelled or stop() is called.
  Task<> run();
  // Other hooks from now on. One whose receiver had said 410 is tried again. Deliveries of hooks that are no longer there
  // are abandoned when they are due.
  void replace(std::vector<Hook> hooks);

  // Starts nothing more; waits for the attempts under way up to Options::drain_timeout, then ends them. They are tried
  // again at the next start.
  Task<> stop();

  std::size_t in_flight() const { return trying_.size(); }

 private:
  struct Receiver {
    Hook hook;
    std::vector<std::string> keys;  // decoded secrets
    unsigned in_flight = 0;
    bool gone = false;  // answered 410
  };

  // Starts what is due and can start; says how long nothing else will be due.
  Task<Micros> start_due();
  Task<> attempt(model::Delivery delivery, Hook hook, std::vector<std::string> keys);
  Task<Result<Attempt>> post(const model::Delivery& delivery, const Hook& hook, const std::vector<std::string>& keys);
  Task<Result<Attempt>> execute(const model::Delivery& delivery, const Hook& hook);
  void note(model::Delivery& delivery, const RetryDecision& decision, Time now);
  Task<> write(std::vector<model::Delivery> deliveries);

  Options options_;
  std::map<std::string, Receiver, std::less<>> receivers_;
  store::Store& store_;
  std::shared_ptr<store::Store::Listener> listener_;
  http::Client& http_;
  Log log_;
  Metrics& metrics_;
  Histogram& seconds_;
  Gauge& in_flight_;
  loop::Event wake_;
  loop::TaskScope attempts_;
  std::set<std::int64_t> trying_;  // ids of deliveries under way
  bool stopping_ = false;
};

}  // namespace tidings::alert
