#pragma once
// One poll of one source, the whole route: request, response, entries, items, verdicts, commit.

#include <functional>
#include <string>

#include "base/log.h"
#include "base/metrics.h"
#include "dedup/deduplicator.h"
#include "http/client.h"
#include "ingest/extract.h"
#include "ingest/options.h"
#include "ingest/source.h"
#include "ingest/stream_fields.h"
#include "loop/pool.h"
#include "schedule/options.h"
#include "store/store.h"

namespace tidings::ingest {

// Adds to the batch what an item sets off besides its own publication: alerts. Called on the loop, before the commit.
using OnItem = std::function<void(const model::Item&, const model::Verdict&, store::Batch&)>;

// The rooms that the route leads through. All outlive the conductor.
struct Rooms {
  loop::Pool& pool;
  http::Client& http;
  store::Store& store;
  dedup::Deduplicator& dedup;
  OnItem on_item;
  std::function<void(const Error&)> fatal;  // the store is no longer usable: the daemon must end
  Metrics& metrics;
  Log log;
};

// Loop thread only.
class Poller {
 public:
  Poller(Rooms rooms, Options options, normalize::Options normalize_options, dedup::Options dedup_options);

  // Polls the source and commits what is new with the state that goes with it; `source` stays where it is meanwhile. Says
  // what came of it, for the schedule, which the caller moves on and whose decision `decide` gives: it is called once,
  // before the last commit, so that the next poll's time is stored with it.
  using Decide = std::function<void(const schedule::Poll&)>;
  Task<> poll(Source& source, Decide decide);

 private:
  struct Trip;  // what one poll gathers on its way

  Task<Result<http::Response>> fetch(Source& source, const model::PluginRequest& request, bool conditional);
  Task<> poll_url(Source& source, Trip& trip);
  Task<> poll_child(Source& source, Trip& trip);
  Task<bool> read(Source& source, Trip& trip, http::Response response, std::string tag);
  Task<bool> take(Source& source, Trip& trip, Extracted extracted);
  void note_seen(Source& source, Trip& trip);
  void note_redirects(Source& source, Trip& trip, const http::Response& response);
  void note_health(Source& source, Trip& trip);
  Task<> commit(Source& source, store::Batch batch);

  Rooms rooms_;
  Options options_;
  normalize::Options normalize_options_;
  dedup::Options dedup_options_;
  Counter& polls_;
  Counter& not_modified_;
  Counter& failures_;
  Counter& unchanged_;
  Counter& rekeyed_;
  Counter& fresh_;
  Counter& updates_;
  Counter& duplicates_;
  Counter& gaps_;
  Counter& bytes_;
  Histogram& detect_delay_;
  Histogram& route_seconds_;
};

}  // namespace tidings::ingest
