#include "normalize/html_foreign.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/text.h"

namespace tidings::normalize {
namespace {

constexpr std::uint32_t F = kAllowed | kForeign;

// In the order of std::string_view, checked below.
constexpr Element kElements[] = {
    {"a", F},
    {"animate", kForeign | kDropped},
    {"animatecolor", kForeign | kDropped},
    {"animatemotion", kForeign | kDropped},
    {"animatetransform", kForeign | kDropped},
    {"annotation", kForeign | kDropped},
    {"annotation-xml", kForeign | kDropped},
    {"circle", F},
    {"clippath", F},
    {"defs", F | kHidden},
    {"desc", F | kHidden | kHtmlInside},
    {"ellipse", F},
    {"foreignobject", kForeign | kDropped},
    {"g", F},
    {"image", kForeign | kDropped},
    {"line", F},
    {"lineargradient", F},
    {"maction", F},
    {"marker", F},
    {"mask", F},
    {"math", F},
    {"menclose", F},
    {"merror", F},
    {"metadata", kForeign | kDropped},
    {"mfenced", F},
    {"mfrac", F},
    {"mi", F | kHtmlInside},
    {"mmultiscripts", F},
    {"mn", F | kHtmlInside},
    {"mo", F | kHtmlInside},
    {"mover", F},
    {"mpadded", F},
    {"mphantom", F | kHidden},
    {"mprescripts", F},
    {"mroot", F},
    {"mrow", F},
    {"ms", F | kHtmlInside},
    {"mspace", F},
    {"msqrt", F},
    {"mstyle", F},
    {"msub", F},
    {"msubsup", F},
    {"msup", F},
    {"mtable", F},
    {"mtd", F},
    {"mtext", F | kHtmlInside},
    {"mtr", F},
    {"munder", F},
    {"munderover", F},
    {"none", F},
    {"path", F},
    {"pattern", F},
    {"polygon", F},
    {"polyline", F},
    {"radialgradient", F},
    {"rect", F},
    {"script", kForeign | kDropped},
    {"semantics", F},
    {"set", kForeign | kDropped},
    {"stop", F},
    {"style", kForeign | kDropped},
    {"svg", F | kHidden},
    {"switch", F},
    {"symbol", F | kHidden},
    {"text", F},
    {"textpath", F},
    {"title", F | kHidden | kHtmlInside},
    {"tspan", F},
    {"use", kForeign | kDropped},
};

constexpr std::string_view kAttributes[] = {
    "accent", "accentunder", "align", "alt", "baseprofile", "class", "clip-path", "clip-rule", "color", "columnalign",
    "columnlines", "columnspacing", "columnspan", "cx", "cy", "d", "depth", "dir", "display", "displaystyle", "dx", "dy",
    "encoding", "equalcolumns", "equalrows", "fence", "fill", "fill-opacity", "fill-rule", "font-family", "font-size",
    "font-style", "font-variant", "font-weight", "fontstyle", "fontweight", "frame", "fx", "fy", "gradienttransform",
    "gradientunits", "height", "href", "id", "lang", "linethickness", "lspace", "marker-end", "marker-mid", "marker-start",
    "markerheight", "markerunits", "markerwidth", "mask", "mathbackground", "mathcolor", "mathvariant", "maxsize",
    "minsize", "notation", "offset", "opacity", "open", "orient", "overflow", "patterntransform", "patternunits", "points",
    "preserveaspectratio", "r", "refx", "refy", "rotate", "rowalign", "rowlines", "rowspacing", "rowspan", "rspace", "rx",
    "ry", "scriptlevel", "selection", "separator", "separators", "spreadmethod", "startoffset", "stop-color",
    "stop-opacity", "stretchy", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin",
    "stroke-miterlimit", "stroke-opacity", "stroke-width", "style", "text-anchor", "transform", "version", "viewbox",
    "voffset", "width", "x", "x1", "x2", "xlink:href", "xlink:show", "xlink:title", "xlink:type", "xml:lang", "xml:space",
    "y", "y1", "y2",
};

static_assert(std::is_sorted(std::begin(kElements), std::end(kElements),
                             [](const Element& a, const Element& b) { return a.name < b.name; }));
static_assert(std::is_sorted(std::begin(kAttributes), std::end(kAttributes)));

}  // namespace

const Element& foreign_element_of(std::string_view name) {
  static constexpr Element kUnknown{{}, kForeign};
  const auto* found = std::lower_bound(std::begin(kElements), std::end(kElements), name,
                                       [](const Element& e, std::string_view n) { return e.name < n; });
  return found != std::end(kElements) && found->name == name ? *found : kUnknown;
}

bool is_safe_foreign_value(std::string_view value) {
  if (value.find('\\') != std::string_view::npos || value.find("/*") != std::string_view::npos) return false;
  const std::string lower = text::ascii_lower(value);
  for (auto at = lower.find("url("); at != std::string::npos; at = lower.find("url(", at + 1)) {
    if (!std::string_view(lower).substr(at + 4).starts_with('#')) return false;
  }
  return lower.find("script:") == std::string::npos;
}

bool is_allowed_foreign_attribute(std::string_view name) {
  return std::binary_search(std::begin(kAttributes), std::end(kAttributes), name);
}

std::string_view foreign_namespace_of(std::string_view name) {
  if (name == "svg") return "http://www.w3.org/2000/svg";
  return name == "math" ? "http://www.w3.org/1998/Math/MathML" : "";
}

}  // namespace tidings::normalize
