#pragma once
// Named and numbered characters: HTML's set, which feeds use without declaring it.

#include <string_view>

namespace tidings::feed {

// The character of "nbsp", "eacute", ... (HTML 4 and apos), or 0.
char32_t html_entity(std::string_view name);

// The character of "169" or "xA9" (what stands between &# and ;), U+FFFD for impossible ones, 0 where these are no digits.
char32_t character_reference(std::string_view digits);

}  // namespace tidings::feed
