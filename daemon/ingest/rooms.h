#pragma once
// The rooms that the route leads through.

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "dedup/deduplicator.h"
#include "http/client.h"
#include "loop/pool.h"
#include "model/item.h"
#include "push/discovery.h"
#include "push/taken.h"
#include "store/store.h"

namespace tidings::ingest {

// Adds to the batch what an item sets off besides its own publication: alerts. Called on the loop, before the commit.
using OnItem = std::function<void(const model::Item&, const model::Verdict&, store::Batch&)>;

// Who is told what polls find, and says what is brought without them: push/. Each may be empty.
struct Channels {
  std::function<void(const std::string& source_id, push::Hints hints)> heard;  // a document named these hubs
  std::function<void(const std::string& source_id, const push::Taken& taken)> found;  // a poll went well
  std::function<double(const std::string& source_id)> recall;  // proven share of items that are pushed
  std::function<json::value(const std::string& source_id)> report;
};

// All outlive the conductor.
struct Rooms {
  loop::Pool& pool;
  http::Client& http;
  store::Store& store;
  dedup::Deduplicator& dedup;
  OnItem on_item;
  std::function<void(const Error&)> fatal;  // the store is no longer usable: the daemon must end
  Metrics& metrics;
  Log log;
  Channels channels = {};
};

// A batch of verdicts was not stored. Where a stop ended the wait, what it held, the validators with it, comes again at the
// next start. Else verdicts were given that the store does not know, and to go on would lose items: said, and fatal.
inline void note_uncommitted(const Rooms& rooms, std::string_view whose, const Error& error) {
  if (error.code() == Errc::cancelled || error.code() == Errc::unavailable) return;
  rooms.log.error("{}: {}", whose, error.message());
  rooms.fatal(error);
}

}  // namespace tidings::ingest
