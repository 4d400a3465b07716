#pragma once
// Telling markup from text, and base64.

#include <string>
#include <string_view>

namespace tidings::feed {

// Whether text of an RSS title is HTML: it has an end tag, a void element, a tag with attributes, a comment or a
// character reference, and no tag or entity that HTML does not know.
bool looks_like_html(std::string_view text);

void append_escaped(std::string& out, std::string_view text, bool in_attribute);

// White space is passed over; an empty string where the text is not base64.
std::string decode_base64(std::string_view text);

}  // namespace tidings::feed
