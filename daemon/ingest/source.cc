#include "ingest/source.h"

namespace tidings::ingest {

void Source::load_learnt(std::string_view bytes) {
  const std::size_t size = schedule::SourceSchedule::saved_bytes();
  if (schedule.load(bytes.substr(0, size)) && bytes.size() > size) moved.load(bytes.substr(size));
}

}  // namespace tidings::ingest
