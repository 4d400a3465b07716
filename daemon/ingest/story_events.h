#pragma once
// What happens to stories, into the batch that makes it so.

#include <vector>

#include "dedup/deduplicator.h"
#include "ingest/rooms.h"
#include "store/records.h"

namespace tidings::ingest {

// Adds the events to the stream `stories`, and what the store must do about them.
void tell(store::Batch& batch, const std::vector<dedup::StoryEvent>& events);

// Closes stories that went quiet, also where no item comes; looks every `interval` until cancelled.
Task<> close_quiet_stories(Rooms rooms, Millis interval);

}  // namespace tidings::ingest
