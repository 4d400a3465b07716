#include "normalize/sanitize.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "base/url.h"
#include "normalize/css.h"
#include "normalize/entities.h"
#include "normalize/html_foreign.h"

namespace tidings::normalize {
namespace {

using std::string_view;

// Hosts and paths that serve nothing but counting images.
constexpr string_view kTrackers[] = {
    "//pixel.wp.com/", "//stats.wordpress.com/b.gif", "//feeds.wordpress.com/1.0/", "//b.scorecardresearch.com/",
    "//www.google-analytics.com/", "//ad.doubleclick.net/", "//pi.feedsportal.com/", "//rss.buysellads.com/",
    "//feeds.feedburner.com/~r/", "//feeds.feedburner.com/~ff/", "//pixel.quantserve.com/", "//sb.scorecardresearch.com/",
    "//www.facebook.com/tr", "//hits.theguardian.com/", "//counter.theconversation.com/", "//counter.theconversation.edu.au/",
};

bool is_at_most_one(string_view number) {
  number = text::trim(number);
  int value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  const string_view unit(read.ptr, static_cast<std::size_t>(number.data() + number.size() - read.ptr));
  return read.ec == std::errc() && value >= 0 && value <= 1 && (unit.empty() || unit == "px");
}

bool is_tracking_pixel(const std::vector<Attribute>& attributes) {
  bool narrow = false;
  bool low = false;
  for (const auto& [name, value] : attributes) {
    if (name == "width") narrow = is_at_most_one(value);
    if (name == "height") low = is_at_most_one(value);
    if (name == "src") {
      const string_view head = value.substr(0, 200);
      if (std::any_of(std::begin(kTrackers), std::end(kTrackers), [&](string_view t) { return head.find(t) != string_view::npos; })) {
        return true;
      }
    }
  }
  return narrow && low;
}

}  // namespace

void SafeHtml::clear() {
  out.clear();
  dropped_ = 0;
  newline_counts_ = false;
}

void SafeHtml::open(const Element& element, string_view name, const std::vector<Attribute>& attributes) {
  if (dropped_ > 0 || element.is(kDropped)) {
    if (!element.is(kVoid)) ++dropped_;
    return;
  }
  if (!element.is(kAllowed)) return;
  if (element.name == "img" && is_tracking_pixel(attributes)) return;
  (out += '<') += name;
  if (element.is(kForeign)) {
    foreign_attributes(name, attributes);
  } else {
    for (const auto& one : attributes) attribute(one);
  }
  out += element.is(kVoid) ? " />" : ">";
  newline_counts_ = name == "pre" || name == "textarea";
}

// The namespaces are stated anew, so that the result is XML too.
void SafeHtml::foreign_attributes(string_view element, const std::vector<Attribute>& attributes) {
  bool links = false;
  for (const auto& a : attributes) {
    if (!is_allowed_foreign_attribute(a.name) || !is_safe_foreign_value(a.value)) continue;
    if (write(a) && a.name.starts_with("xlink:")) links = true;
  }
  if (const string_view uri = foreign_namespace_of(element); !uri.empty()) ((out += " xmlns=\"") += uri) += '"';
  if (links) out += " xmlns:xlink=\"http://www.w3.org/1999/xlink\"";
}

void SafeHtml::attribute(const Attribute& a) {
  if (is_allowed_attribute(a.name)) write(a);
}

bool SafeHtml::write(const Attribute& a) {
  string_view value = a.value;
  std::string made;
  if (a.name == "style") {
    made = sanitize_style(value);
    if (made.empty()) return false;
    value = made;
  } else if ((is_url_attribute(a.name) || is_foreign_url_attribute(a.name)) && !value.empty()) {
    made = resolve_url(base_url_, value);
    // A relative reference that is left, as there is no base, has no scheme; one with a colon before its first slash
    // could be taken for one.
    const std::string scheme = url_scheme(made);
    if (scheme.empty() ? made.substr(0, made.find_first_of("/?#")).find(':') != std::string::npos : !is_safe_scheme(scheme)) return false;
    value = made;
  }
  ((out += ' ') += a.name) += "=\"";
  escape_attribute(value, out);
  out += '"';
  return true;
}

void SafeHtml::close(const Element& element, string_view name) {
  newline_counts_ = false;
  if (dropped_ > 0) {
    --dropped_;
  } else if (element.is(kAllowed)) {
    ((out += "</") += name) += '>';
  }
}

void SafeHtml::text(string_view text) {
  if (dropped_ > 0 || text.empty()) return;
  if (newline_counts_ && text.front() == '\n') out += '\n';
  newline_counts_ = false;
  escape_text(text, out);
}

}  // namespace tidings::normalize
