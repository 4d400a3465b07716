#pragma once
// The symbols that a shared object offers to others, read from the file without loading it.

#include <string>
#include <vector>

#include "base/result.h"

namespace tidings::plugin {

// Weak symbols are left out, which compilers make of inline functions in headers, and those of sanitizers.
Result<std::vector<std::string>> exported_symbols(const std::string& file);

}  // namespace tidings::plugin
