#pragma once
// HTML of any kind read by gumbo into the tree that the standard says, and written down again, well nested.

#include <optional>
#include <string>
#include <string_view>

namespace tidings::normalize {

// The body of the fragment as plain markup: comments, scripts, styles and SVG are left out, MathML is unwrapped,
// references are UTF-8. Nothing where the work would pass the bound: too many tags, or more memory than a normal tree
// of this size takes (gumbo 0.10 has quadratic paths, and formatting elements that multiply).
std::optional<std::string> straighten_html(std::string_view html);

}  // namespace tidings::normalize
