#pragma once
// The events of a stream as one document. Pure; runs on a worker.

#include <vector>

#include "base/result.h"
#include "model/entry.h"
#include "plugin/instance.h"

namespace tidings::ingest {

// The newest entry first, as documents have it. The cursor is the one that the plugin states, else the last event's id, else
// the last entry's. An event that the plugin cannot read costs itself alone and leaves a warning; where none can be read,
// that is the error.
Result<model::Document> read_events(plugin::Instance& instance, const std::vector<plugin::Event>& events);

}  // namespace tidings::ingest
