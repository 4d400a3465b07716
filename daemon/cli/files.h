#pragma once
// Files that commands write.

#include <string>
#include <string_view>

#include "base/result.h"

namespace tidings::cli {

Result<std::string> read_file(const std::string& file);

// Writes a new file as a whole: it is there with all of its text or not at all. refused: there is one of that name.
Result<void> write_new_file(const std::string& file, std::string_view text);

}  // namespace tidings::cli
