#pragma once
// The rooms that the route leads through.

#include <functional>

#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "dedup/deduplicator.h"
#include "http/client.h"
#include "loop/pool.h"
#include "model/item.h"
#include "store/store.h"

namespace tidings::ingest {

// Adds to the batch what an item sets off besides its own publication: alerts. Called on the loop, before the commit.
using OnItem = std::function<void(const model::Item&, const model::Verdict&, store::Batch&)>;

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
};

}  // namespace tidings::ingest
