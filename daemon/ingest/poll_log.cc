#include "ingest/poll_log.h"

#include <utility>

#include "model/item_json.h"

namespace tidings::ingest {

json::object to_json(const PollRecord& record) {
  const auto seconds = [](Micros span) { return std::chrono::duration<double>(span).count(); };
  return {{"due", model::to_rfc3339(record.due)},
          {"started", model::to_rfc3339(record.started)},
          {"took_seconds", seconds(record.ended - record.started)},
          {"late_seconds", std::max(0.0, seconds(record.started - record.due))},
          {"status", record.status},
          {"entries", record.entries},
          {"new_items", record.new_items},
          {"requests", record.requests},
          {"conditional", record.conditional},
          {"gap", record.gap},
          {"why", record.why},
          {"held", record.held},
          {"trouble", record.trouble}};
}

PollLog::Place PollLog::add(Place before, PollRecord record) {
  if (most_ == 0) return 0;
  if (records_.size() == most_) records_.pop_front();
  records_.push_back({before, std::move(record)});
  return next_++;
}

const PollLog::Linked* PollLog::at(Place place) const {
  const Place first = next_ - records_.size();
  return place >= first && place < next_ ? &records_[static_cast<std::size_t>(place - first)] : nullptr;
}

std::vector<const PollRecord*> PollLog::of(Place latest, std::size_t most) const {
  std::vector<const PollRecord*> found;
  for (const Linked* linked = at(latest); linked != nullptr && found.size() < most; linked = at(linked->before)) {
    found.push_back(&linked->record);
  }
  return found;
}

}  // namespace tidings::ingest
