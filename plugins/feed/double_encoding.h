#pragma once
// Text that was read as windows-1252 somewhere on its way: UTF-8 encoded twice, and C1 controls for quotes and dashes.

#include <optional>
#include <string>
#include <string_view>

namespace tidings::feed {

// What a number from 0x80 to 0x9F means in windows-1252 (where it means nothing, itself).
char32_t windows_1252(unsigned char byte);

// Whether the first characters beyond ASCII are two that text encoded twice can begin with: cheap, and rarely true.
bool has_encoded_lead(std::string_view utf8);
// The text if all of it was encoded as UTF-8 once too often; else nothing.
std::optional<std::string> undo_double_encoding(std::string_view utf8);

bool has_c1_controls(std::string_view utf8);
std::string without_c1_controls(std::string_view utf8);

}  // namespace tidings::feed
