#pragma once
// Inline style sheets made safe: an allow-list of properties, and values of words, numbers, colours and quoted names.

#include <string>
#include <string_view>

namespace tidings::normalize {

// The declarations that are safe, as "name: value;" with a space between; empty where none is or where the text could
// be read in more than one way (escapes, comments, brackets). No url(), no functions besides colours.
std::string sanitize_style(std::string_view style);

// The style hides the element from readers: display: none or visibility: hidden.
bool hides(std::string_view style);

}  // namespace tidings::normalize
