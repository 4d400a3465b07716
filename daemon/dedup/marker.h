#pragma once
// Markers: what a newsroom writes at the head of a piece that updates, corrects or withdraws an earlier one
// ("UPDATE 2-", "CORRECTED:", "ОБНОВЛЕНО:").

#include <cstdint>

#include "dedup/fold.h"

namespace tidings::dedup {

// The hash of the marker and its number, or 0 for none.
std::uint32_t find_marker(const Folded& text);

}  // namespace tidings::dedup
