#include "ingest/story_events.h"

#include <utility>

#include "ingest/stream_fields.h"
#include "loop/timeout.h"

namespace tidings::ingest {

void tell(store::Batch& batch, const std::vector<dedup::StoryEvent>& events) {
  for (const auto& event : events) {
    batch.outbox.push_back({"stories", event.story, stream_fields(event)});
    if (event.kind == dedup::StoryEvent::Kind::merged) batch.merges.push_back({event.other, event.story});
  }
}

Task<> close_quiet_stories(Rooms rooms, Millis interval) {
  for (;;) {
    const error_code cut_short = co_await loop::sleep_for(interval);
    if (cut_short) co_return;
    const auto events = rooms.dedup.expire(system_now());
    if (events.empty()) continue;
    store::Batch batch;
    tell(batch, events);
    const auto committed = co_await rooms.store.commit(std::move(batch));
    if (committed) continue;
    note_uncommitted(rooms, "stories", committed.error());
    co_return;
  }
}

}  // namespace tidings::ingest
