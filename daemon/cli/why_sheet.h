#pragma once
// What `tidings why` prints: the next poll and its reason, what it follows from, and the last polls.

#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "cli/terminal.h"

namespace tidings::cli {

// `answer`: of GET /api/why/ID. What it lacks is left out.
std::string why_sheet(const json::object& answer, Time now, const Terminal& terminal);

}  // namespace tidings::cli
