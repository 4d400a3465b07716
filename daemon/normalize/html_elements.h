#pragma once
// What is known of each HTML element: how it nests, whether it is let through, how it reads as text.

#include <cstdint>
#include <string_view>

namespace tidings::normalize {

// Bits of Element::traits.
enum Trait : std::uint32_t {
  kAllowed = 1U << 0,      // passes the sanitiser
  kVoid = 1U << 1,         // has no content and no end tag
  kDropped = 1U << 2,      // goes with all that is in it
  kRawText = 1U << 3,      // its content is not markup: up to its end tag
  kRcdata = 1U << 4,       // its content is text with character references
  kIgnored = 1U << 5,      // the tag means nothing inside a fragment: html, head, body
  kClosesP = 1U << 6,      // its start ends an open p
  kImpliedEnd = 1U << 7,   // its end tag may be left out
  kScope = 1U << 8,        // a p, a or end tag does not reach out of it
  kTablePart = 1U << 9,    // may stand in the structure of a table
  kTableGap = 1U << 10,    // its own content may be table parts only
  kBlock = 1U << 11,       // a line of its own in text
  kParagraph = 1U << 12,   // with an empty line before and after
  kHidden = 1U << 13,      // not read as text, though its markup is let through
  kNeedsTree = 1U << 14,   // needs the rules of foreign content or the like
  kFormatting = 1U << 15,  // lives on across wrongly nested end tags
  kForeign = 1U << 16,     // of SVG or MathML (html_foreign.h)
  kHtmlInside = 1U << 17,  // and yet its children are those of HTML
};

// Bits of Element::kind: groups of elements that implied end tags are told in.
enum Kind : std::uint32_t {
  kP = 1U << 0,
  kLi = 1U << 1,
  kList = 1U << 2,
  kDtDd = 1U << 3,
  kDl = 1U << 4,
  kOption = 1U << 5,
  kOptgroup = 1U << 6,
  kSelect = 1U << 7,
  kCell = 1U << 8,
  kRow = 1U << 9,
  kRowGroup = 1U << 10,
  kCaption = 1U << 11,
  kTable = 1U << 12,
  kButton = 1U << 13,
  kAnchor = 1U << 14,
};

struct Element {
  std::string_view name;
  std::uint32_t traits = 0;
  std::uint32_t kind = 0;
  bool is(std::uint32_t trait) const { return (traits & trait) != 0; }
};

// The element of this lower-case name, or one without traits and name for others.
const Element& element_of(std::string_view name);

// The kinds that a start tag ends when they are open, and those beyond which it does not look.
struct ImpliedEnd {
  std::uint32_t ends = 0;
  std::uint32_t stops = 0;
};
ImpliedEnd implied_ends_of(const Element& element);

bool is_allowed_attribute(std::string_view name);
bool is_url_attribute(std::string_view name);
bool is_safe_scheme(std::string_view scheme);

}  // namespace tidings::normalize
