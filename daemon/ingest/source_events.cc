#include "ingest/source_events.h"

#include "ingest/stream_fields.h"

namespace tidings::ingest {

void tell(store::Batch& batch, const Source& source, std::string_view kind, const std::string& detail, std::size_t entries) {
  batch.outbox.push_back({"sources", source.config->id, stream_fields({std::string(kind), source.config->id, source.url(), detail, system_now(), entries})});
}

}  // namespace tidings::ingest
