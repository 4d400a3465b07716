#include "ingest/source_events.h"

#include "ingest/stream_fields.h"

namespace tidings::ingest {

void tell(store::Batch& batch, const Source& source, const char* kind, const std::string& detail) {
  batch.outbox.push_back({"sources", source.config.id, stream_fields({kind, source.config.id, source.url(), detail, system_now()})});
}

}  // namespace tidings::ingest
