#pragma once
// A source as the API tells of it.

#include "base/json.h"
#include "ingest/source.h"

namespace tidings::ingest {

// Its state, its counts, its next poll, and how soon its items came.
json::object source_report(const Source& source, const Learnt& learnt, const schedule::Dispatcher& dispatcher);
// What its next poll follows from: the estimate of its rate and hours, kappa, what its host allows.
json::object schedule_report(const Source& source, const Learnt& learnt, const schedule::Dispatcher& dispatcher, Time now);

}  // namespace tidings::ingest
