#pragma once
// What subscribers of the stream `sources` are told of one.

#include <string>

#include "ingest/source.h"
#include "store/records.h"

namespace tidings::ingest {

// Adds the event to the batch. `kind` is one that SourceEvent names, `detail` one plain sentence.
void tell(store::Batch& batch, const Source& source, const char* kind, const std::string& detail);

}  // namespace tidings::ingest
