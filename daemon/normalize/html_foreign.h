#pragma once
// SVG and MathML inside HTML: the elements and attributes that are let through. Drawings and formulas alone: no scripts,
// no animation, no reference that is followed by itself, no styles but what the CSS allow-list knows.

#include <string_view>

#include "normalize/html_elements.h"

namespace tidings::normalize {

// The element of this lower-case name right inside svg, math or another foreign element; one without a name for others.
const Element& foreign_element_of(std::string_view name);

bool is_allowed_foreign_attribute(std::string_view name);
// Attributes hold CSS values: those that fetch anything but a part of the drawing itself are not let through.
bool is_safe_foreign_value(std::string_view value);
// xlink:href, which every element may have.
constexpr bool is_foreign_url_attribute(std::string_view name) { return name == "xlink:href"; }

// The namespace that this root element stands for; empty: it is no root.
std::string_view foreign_namespace_of(std::string_view name);

}  // namespace tidings::normalize
