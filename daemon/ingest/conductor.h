#pragma once
// The conductor: starts the polls that are due, within the bounds of politeness, budget and backpressure, and keeps what
// was learnt of each source.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "ingest/poller.h"
#include "ingest/sources.h"
#include "loop/task_scope.h"
#include "schedule/dispatcher.h"

namespace tidings::ingest {

// Loop thread only.
class Conductor {
 public:
  Conductor(asio::any_io_executor executor, Rooms rooms, Options options, schedule::Options schedule_options,
            normalize::Options normalize_options, dedup::Options dedup_options, MakeFetcher make_fetcher);
  ~Conductor();
  Conductor(const Conductor&) = delete;
  Conductor& operator=(const Conductor&) = delete;

  // These are the sources from now on. What was learnt of a source stays with its id; one whose configuration changed is made
  // anew around it. At the first call all go on by the schedules that the store has, later those that come in are polled soon.
  // A source that its plugin refuses is said in the log and left out.
  void apply(const std::vector<model::SharedSource>& sources);

  // What a hub sent for this source takes the route of a polled document; completes when its items are committed. Errors of
  // Poller::push, and not_found where there is no such source.
  Task<Result<push::Taken>> push(std::string id, http::Response document);
  Task<Result<push::Taken>> push(std::string id, std::vector<plugin::Event> events);
  // The source's next poll is due now, unless it fails and waits; one that is under way is followed by another.
  void poll_now(const std::string& id);
  // The source's configuration, or null; good until the next apply().
  const model::Source* config(const std::string& id) const;
  // Where its stream goes on: of the last event that was committed. Empty where there is no such source; the error is the
  // store's.
  Task<Result<std::string>> cursor(std::string id);

  // Starts polls as they fall due until stop().
  Task<> run();
  // Starts no more; polls under way get the grace period, then are cancelled. Completes when all have ended.
  Task<> stop();

  std::size_t size() const { return sources_.size(); }
  std::size_t polling() const { return polls_.size(); }
  // For people: all sources by id, or one. Errors: not_found, and the store's.
  Task<Result<json::value>> report();
  Task<Result<json::value>> report(std::string id);
  // Why the source is polled when it is: the same, with what the schedule knows and its last `polls` polls.
  Task<Result<json::value>> why(std::string id, std::size_t polls);

 private:
  enum class Pace : std::uint8_t { free, slow, stopped };  // by what waits in the outbox
  // Of a poll under way.
  struct Start {
    Time due;
    Time started;
    std::string_view held;  // why it began later than it was due; literals
    const char* called = nullptr;  // as in Source
  };

  enum class Entry : std::uint8_t { goes_on, starts };  // where its stored schedule left off, or soon
  Task<> schedule_new(std::vector<std::shared_ptr<Source>> sources, Entry entry);
  void schedule_first(Source& source, const store::SourceSchedule& stored, Entry entry, Time now);
  void remove(const std::shared_ptr<Source>& source);
  void start_due(Time now);
  Task<> poll(std::shared_ptr<Source> source, Start start);
  void put_off(Source& source, const Error& error);
  Task<Result<push::Taken>> push(std::string id, Poller::Read read);
  json::object report_of(const Source& source, const Learnt& learnt) const;
  void log_poll(Source& source, const schedule::Poll& outcome, const Start& start, Time now);
  void wake() { timer_.cancel(); }

  asio::any_io_executor executor_;
  Rooms rooms_;
  Options options_;
  Poller poller_;
  Sources sources_;
  schedule::Dispatcher dispatcher_;
  PollLog log_;
  loop::TaskScope polls_;
  loop::TaskScope scheduling_;
  std::size_t pushing_ = 0;  // documents on their way
  asio::steady_timer timer_;
  Time next_look_;  // when run() goes on by itself
  bool applied_ = false;
  bool stopping_ = false;
  Pace pace_ = Pace::free;
};

}  // namespace tidings::ingest
