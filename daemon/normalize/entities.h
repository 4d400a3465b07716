#pragma once
// Character references of HTML: the numeric ones, and the 252 names of HTML 4 (those of Latin-1 without their
// semicolon too), by the rules of the HTML standard, section 13.2.5.72.

#include <string>
#include <string_view>

namespace tidings::normalize {

enum class ReferencePlace { text, attribute };

// Appends `encoded` to `out` with its references read. False where it has a reference with a name that is not of
// HTML 4: it is then appended as it stands, and a reader that knows all 2,231 names may know it.
bool decode_references(std::string_view encoded, ReferencePlace place, std::string& out);

// Appends text so that it is only text in HTML: < > & and, in attributes, quotes are references.
void escape_text(std::string_view text, std::string& out);
void escape_attribute(std::string_view value, std::string& out);

// Whether a reference with its semicolon begins at s[0] == '&'.
bool begins_with_reference(std::string_view s);

}  // namespace tidings::normalize
