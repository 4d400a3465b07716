#pragma once
// Publisher: brings the rows of one outbox stream into its Redis stream, each exactly once and in order.
//
// Every batch names the ID that it must follow and is appended by a script that checks it (scripts.h), so whatever
// happens to either side is noticed and mended (append_policy.h). This is the thin shell round that policy.
//
// Guarantee: every committed row appears in the stream once, whole batch or nothing, in commit order, under one ID that
// never changes, as long as Redis loses no acknowledged tail that is older than the outbox's retention, this store is the
// only writer (else it is noticed: no row is lost, but rows not yet appended get new IDs), and the disk keeps what it
// confirmed. Rows that were appended and lost together with a foreign write after them are not looked for.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/metrics.h"
#include "loop/asio.h"
#include "publish/append_policy.h"
#include "publish/meters.h"
#include "publish/options.h"
#include "publish/scripts.h"
#include "redis/backoff.h"
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
  refused,  // wrong type of key, no permission: looked at again from time to time
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
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Publishes until it is cancelled, or stopped and drained. Once.
  Task<> run();
  // Publishes what was committed before, then run() ends; at the deadline it ends in any case. What is left is published
  // after the next start.
  void drain(std::chrono::steady_clock::time_point deadline);
  // Takes the stream from another store, or back after being fenced. On an operator's word only.
  void take_over();

  Status status() const;

 private:
  // Why appending ended, and what to do next.
  struct Halt {
    Remedy remedy = Remedy::claim;
    std::string reason;
  };

  Task<Result<void>> connect();
  Task<> check_server();
  Task<Halt> live();
  Task<std::optional<Halt>> claim(StreamId& remote);
  Task<std::optional<Halt>> resync(StreamId remote);
  Task<Result<bool>> is_taken(StreamId id);
  Task<Result<Position>> find_appended(Position after, StreamId remote);
  Task<Halt> append_rows();
  redis::Call send(std::vector<store::OutboxRow> rows);
  Task<> recover(Halt halt);
  Task<> pause(std::chrono::steady_clock::duration time);
  Halt halt_for(const Error& error) const;
  Halt halt_for(const redis::Reply& reply) const;
  std::uint64_t pending() const;
  bool finished() const { return expired_ || (draining_ && pending() == 0); }
  void enter(Phase phase, std::string reason = {});

  asio::any_io_executor executor_;
  std::string stream_;
  Keys keys_;
  store::Store& store_;
  std::shared_ptr<store::Store::Listener> listener_;
  Options options_;
  Log log_;
  Meters meters_;
  redis::Connection connection_;
  redis::Backoff connect_backoff_;
  redis::Backoff backoff_;
  AppendWindow window_;
  Ownership ours_;
  ClaimMode claim_mode_;
  std::string claim_sha_;
  std::string append_sha_;
  asio::steady_timer pause_;
  bool idle_ = false;  // the pause ends when there are new rows
  asio::steady_timer deadline_;
  bool draining_ = false;
  bool expired_ = false;
  Phase phase_ = Phase::connecting;
  std::string reason_;
};

}  // namespace tidings::publish
