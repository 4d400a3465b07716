#pragma once
// HTML from feeds made safe, and read as text. Pure; any bytes are taken, in linear time and bounded memory: markup
// that is not plainly nested goes through gumbo (HTML5), and what is too large or too deep for that through our own
// scanner alone (html_scan.h). What is safe to show is decided by allow-lists of elements, attributes, URI schemes and
// CSS properties; nothing else comes through, and every '<' of the result begins one of those elements.

#include <string>
#include <string_view>

namespace tidings::normalize {

// Safe, well nested HTML: scripts, styles, frames and comments are gone, unknown elements unwrapped, relative URLs
// resolved against base_url (empty: left), tracking pixels dropped. sanitize(sanitize(x)) == sanitize(x).
std::string sanitize_html(std::string_view html, std::string_view base_url);

// The text as a person would read it on the page: blocks on lines of their own, paragraphs with an empty line between,
// list marks, entities decoded, nothing of scripts or hidden elements; no space at the ends.
std::string plain_text(std::string_view html);

// The same on one line: for titles.
std::string plain_line(std::string_view html);

// Both at the cost of little more than one.
struct HtmlReading {
  std::string html;
  std::string text;
};
HtmlReading read_html(std::string_view html, std::string_view base_url);

// Text that was meant as HTML though nobody says so: it has an end tag or a void element of HTML, or a character
// reference with its semicolon. "a < b" and "how the <b> tag works" are none.
bool looks_like_html(std::string_view text);

}  // namespace tidings::normalize
