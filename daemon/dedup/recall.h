#pragma once
// Items that left the window and are shown again: what the store keeps of one says whether this is it.

#include <string_view>

#include "dedup/features.h"
#include "dedup/options.h"

namespace tidings::dedup {

// Whether the record (Decision::memory) is of an item of the same source with the same text, but for what no reader would
// call an edit. False for a record that cannot be read. Pure.
bool tells_the_same(std::string_view memory, const Features& features, const Options& options);

}  // namespace tidings::dedup
