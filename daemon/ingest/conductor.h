#pragma once
// The conductor: starts the polls that are due, within the bounds of politeness, budget and backpressure, and keeps what
// was learnt of each source.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "ingest/poller.h"
#include "loop/task_scope.h"
#include "schedule/dispatcher.h"

namespace tidings::ingest {

// Makes what polls a source: sets source.instance or source.child. The error says why its plugin will not have it.
using MakeInstance = std::function<Result<void>(Source&)>;

// Loop thread only.
class Conductor {
 public:
  Conductor(asio::any_io_executor executor, Rooms rooms, Options options, schedule::Options schedule_options,
            normalize::Options normalize_options, dedup::Options dedup_options, MakeInstance make_instance);
  ~Conductor();
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  // Takes over what the store knows of the sources; once, before apply().
  void restore(std::vector<store::SourceState> states);
  // These are the sources from now on. What was learnt of a source that stays is kept; one whose configuration changed is
  // made anew around it. A source that its plugin refuses is said in the log and left out.
  void apply(const std::vector<model::SharedSource>& sources);

  // What a hub sent for this source takes the route of a polled document; completes when its items are committed. Errors of
  // Poller::push, and not_found where there is no such source.
  Task<Result<push::Taken>> push(std::string id, http::Response document);
  Task<Result<push::Taken>> push(std::string id, std::vector<plugin::Event> events);
  // The source's next poll is due now, unless it fails and waits; one that is under way is followed by another.
  void poll_now(const std::string& id);
  // The source's configuration, or null; good until the next apply().
  const model::Source* config(const std::string& id) const;
  // Where its stream goes on: of the last event that was committed.
  std::string cursor(const std::string& id) const;

  // Starts polls as they fall due until stop().
  Task<> run();
  // Starts no more; polls under way get the grace period, then are cancelled. Completes when all have ended.
  Task<> stop();

  std::size_t size() const { return by_id_.size(); }
  std::size_t polling() const { return polls_.size(); }
  json::array report() const;
  json::value report(const std::string& id) const;  // null: no such source
  // Why the source is polled when it is: the same, with what the schedule knows and its last `polls` polls. Null: no such
  // source.
  json::value why(const std::string& id, std::size_t polls) const;

 private:
  enum class Pace : std::uint8_t { free, slow, stopped };  // by what waits in the outbox

  void add(model::SharedSource config);
  void remove(Source& source);
  void schedule_first(Source& source, Time now);
  void start_due(Time now);
  Task<> poll(std::shared_ptr<Source> source);
  Task<Result<push::Taken>> push(std::string id, Poller::Read read);
  json::object report_of(const Source& source) const;
  void log_poll(Source& source, const schedule::Poll& outcome, Time now);
  void wake() { timer_.cancel(); }

  asio::any_io_executor executor_;
  Rooms rooms_;
  Options options_;
  schedule::Options schedule_options_;
  MakeInstance make_instance_;
  Poller poller_;
  std::map<std::string, std::shared_ptr<Source>, std::less<>> by_id_;
  std::vector<std::shared_ptr<Source>> by_slot_;  // empty where free
  std::vector<schedule::Queue::Id> free_slots_;
  std::map<std::string, store::SourceState, std::less<>> restored_;
  schedule::Dispatcher dispatcher_;
  PollLog log_;
  loop::TaskScope polls_;
  std::size_t pushing_ = 0;  // documents on their way
  asio::steady_timer timer_;
  Time next_look_;  // when run() goes on by itself
  bool stopping_ = false;
  Pace pace_ = Pace::free;
};

}  // namespace tidings::ingest
