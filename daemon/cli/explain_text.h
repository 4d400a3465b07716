#pragma once
// Answers of the API about items and stories, in words for the terminal.

#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "cli/terminal.h"

namespace tidings::cli {

// Of GET /api/explain.
std::string explanation_text(const json::object& explained, const Terminal& terminal);
// The lines of a comparison: of dedup::to_json(), with the words where they are there.
std::string comparison_text(const json::object& compared, const Terminal& terminal);
// Of GET /api/stories, and of /api/stories/ID.
std::string story_table(const json::object& stories, Time now, const Terminal& terminal);
std::string story_sheet(const json::object& story, Time now, const Terminal& terminal);

}  // namespace tidings::cli
