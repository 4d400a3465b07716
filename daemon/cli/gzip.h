#pragma once
// Documents that were saved as they came over the wire: gzip (RFC 1952), unpacked once.

#include <string_view>

#include "base/padded.h"
#include "base/result.h"

namespace tidings::cli {

bool is_gzip(std::string_view bytes);

// All members after each other. What follows the last one, a wrong checksum or a cut leave what was unpacked before.
// too_large: more than max_bytes come out. invalid: nothing does.
Result<PaddedBytes> unpack_gzip(std::string_view bytes, std::size_t max_bytes);

}  // namespace tidings::cli
