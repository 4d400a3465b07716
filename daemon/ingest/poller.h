#pragma once
// One poll of one source, the whole route: request, response, entries, items, verdicts, commit.

#include <functional>
#include <string>

#include "ingest/extract.h"
#include "ingest/intake.h"
#include "ingest/options.h"
#include "ingest/rooms.h"
#include "ingest/source.h"
#include "ingest/trip.h"
#include "schedule/options.h"

namespace tidings::ingest {

// Loop thread only.
class Poller {
 public:
  Poller(asio::any_io_executor executor, Rooms rooms, Options options, normalize::Options normalize_options, dedup::Options dedup_options);

  // Polls the source and commits what is new with the state that goes with it; `source` stays where it is meanwhile. Says
  // what came of it, for the schedule, which the caller moves on and whose decision `decide` gives: it is called once,
  // before the last commit, so that the next poll's time is stored with it.
  using Decide = std::function<void(const schedule::Poll&)>;
  Task<> poll(Source& source, Decide decide);

  // What was pushed takes the same route from its parse on; completes when it is committed. `read` runs on a worker and hands
  // the entries over as they come. Errors: invalid where the plugin cannot read it, cancelled and unavailable where it was
  // not stored.
  using Read = std::function<Result<model::Document>(plugin::Instance&, const plugin::TakeEntry&)>;
  Task<Result<push::Taken>> push(Source& source, Read read);

 private:
  Task<Result<http::Response>> fetch(Source& source, const model::PluginRequest& request, bool conditional);
  Task<> poll_url(Source& source, Trip& trip);
  Task<> page_back(Source& source, Trip& trip);
  Task<> poll_child(Source& source, Trip& trip);
  template <class Parse>
  Task<Result<Extracted>> extract_on_worker(const Source& source, Parse parse, Time fetched);
  Task<bool> read(Source& source, Trip& trip, http::Response response, std::string tag);
  void note_hosts(Source& source, Trip& trip, const http::Response& response);
  void note_redirects(Source& source, Trip& trip, const std::vector<http::Redirect>& redirects, bool is_feed);
  void note_health(Source& source, Trip& trip);

  Rooms rooms_;
  Intake intake_;
  Turns turns_;
  Options options_;
  normalize::Options normalize_options_;
  dedup::Options dedup_options_;
  Counter& polls_;
  Counter& not_modified_;
  Counter& failures_;
  Counter& bytes_;
};

}  // namespace tidings::ingest
