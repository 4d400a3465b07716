#pragma once
// A configuration's mistakes as lines. Pure.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "config/mistake.h"

namespace tidings::cli {

// The text of a line of a file, counted from 1; empty where there is none.
using LineOf = std::function<std::string(const std::string& file, std::uint32_t line)>;

// One line a mistake; on a terminal the line of the file below it, with a caret under the place.
std::string mistake_lines(const std::vector<config::Mistake>& mistakes, const Terminal& terminal, const LineOf& line_of);

}  // namespace tidings::cli
