#pragma once
// What subscribers of the stream `sources` are told of one.

#include <string>
#include <string_view>

#include "ingest/source.h"
#include "store/records.h"

namespace tidings::ingest {

// Adds the event to the batch. `kind` is one that SourceEvent names, `detail` one plain sentence.
void tell(store::Batch& batch, const Source& source, std::string_view kind, const std::string& detail, std::size_t entries = 0);

}  // namespace tidings::ingest
