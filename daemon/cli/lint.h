#pragma once
// What a feed validator says of what was read: elements that the format asks for, ids, dates, links, enclosures. What is
// wrong with the syntax is told by the plugin that read it.

#include <vector>

#include "base/clock.h"
#include "model/entry.h"

namespace tidings::cli {

// Each kind once, with its first line and a count.
std::vector<model::Warning> lint(const model::Document& document, Time now);

// By line; what concerns the whole document first.
void sort_by_line(std::vector<model::Warning>& warnings);

}  // namespace tidings::cli
