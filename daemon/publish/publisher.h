#pragma once
// Publisher: brings the rows of one outbox stream into its Redis stream, each exactly once and in order.
//
// Every batch names the ID that it must follow and is appended by a script that checks it (scripts.h), so whatever
// happens to either side is noticed and mended by append_policy.h. This is the thin shell round that policy.

#include <cstdint>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/metrics.h"
#include "loop/asio.h"
#include "loop/event.h"
#include "publish/append_policy.h"
#include "publish/options.h"
#include "redis/connection.h"
#include "redis/options.h"
#include "store/store.h"

namespace tidings::publish {

enum class Phase : std::uint8_t {
  connecting,  // no connection, or not yet claimed
  publishing,
  waiting,  // Redis cannot take entries now; trying again
  owned,    // another store owns the stream; waiting for it to be given up or taken over
  fenced,   // a later start of this store took the stream over; nothing more is published from here
  refused,  // the server refuses for good: wrong type of key, no permission; restart after mending
  stopped,
};
std::string_view name_of(Phase phase);

struct Status {
  std::string stream;
  Phase phase = Phase::connecting;
  store::StreamId published;
  std::uint64_t pending_rows = 0;
  std::string reason;  // one sentence, where it is not publishing
};

// Loop thread only. Store and metrics outlive it; one for each stream. Spawn run() in a scope.
class Publisher {
 public:
  Publisher(asio::any_io_executor executor, std::string stream, store::Store& store, Options options,
            redis::Options redis_options, Metrics& metrics, Log log);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Publishes until it is cancelled, or stopped and drained.
  Task<> run();
  // Publishes what was committed before, then run() ends. Where Redis is away it does not wait beyond the deadline.
  void drain(std::chrono::steady_clock::time_point deadline);
  // Takes the stream from another store, or back after being fenced. On an operator's word only.
  void take_over();

  Status status() const;

 private:
  class Session;
  struct Meters;
  asio::any_io_executor executor_;
  std::string stream_;
  store::Store& store_;
  Options options_;
  Log log_;
  std::unique_ptr<Meters> meters_;
  redis::Connection connection_;
  AppendPolicy policy_;
  loop::Event wake_;
  bool draining_ = false;
  std::chrono::steady_clock::time_point deadline_;
  Phase phase_ = Phase::connecting;
  std::string reason_;
};

}  // namespace tidings::publish
