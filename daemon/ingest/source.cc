#include "ingest/source.h"

#include <utility>

namespace tidings::ingest {

store::SourceState Source::saved() const {
  store::SourceState out = state;
  out.schedule = schedule.save() + moved.save();
  out.seen = seen.save();
  return out;
}

void Source::restore(store::SourceState saved) {
  const std::string learnt = std::exchange(saved.schedule, {});
  const std::size_t size = schedule::SourceSchedule::saved_bytes();
  if (schedule.load(std::string_view(learnt).substr(0, size)) && learnt.size() > size) moved.load(std::string_view(learnt).substr(size));
  seen.load(std::exchange(saved.seen, {}));
  state = std::move(saved);
}

}  // namespace tidings::ingest
