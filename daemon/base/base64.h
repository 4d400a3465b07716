#pragma once
// Bytes as base64 with padding (RFC 4648, 4).

#include <string>
#include <string_view>

namespace tidings {

std::string to_base64(std::string_view bytes);

}  // namespace tidings
