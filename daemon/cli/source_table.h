#pragma once
// The daemon's report on its sources as a table. Pure.

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "cli/terminal.h"

namespace tidings::cli {

// `sources` as GET /api/sources gives them; those that need a look come first.
std::string source_table(const json::array& sources, Time now, const Terminal& terminal);

// One of them, a line for each thing that is known of it.
std::string source_sheet(const json::object& source, Time now, const Terminal& terminal);

// "in 40s", "5m ago", "now"; days at the most.
std::string relative(Time time, Time now);
// The member, a time, likewise; "-" where there is none.
std::string time_at(const json::object& object, std::string_view key, Time now);

}  // namespace tidings::cli
