#include "base/text.h"
#include "feed/common.h"

namespace tidings::feed {
namespace {

using sdk::str;

bool is_page(std::string_view type) {
  return type.empty() || text::equal_ignoring_case(type, "text/html") || text::equal_ignoring_case(type, "application/xhtml+xml");
}

// A registered relation may be written as its URI (RFC 4287, section 4.2.7.2).
std::string_view short_relation(std::string_view rel) {
  constexpr std::string_view kRegistry = "http://www.iana.org/assignments/relation/";
  return rel.starts_with(kRegistry) ? rel.substr(kRegistry.size()) : rel;
}

}  // namespace

void add_link(Common& to, std::string_view rel, std::string_view href, std::string_view type, std::string_view length) {
  if (href.empty()) return;
  tidings_link& link = sdk::append(to.links);
  link.rel = str(rel);
  link.href = str(href);
  link.type = str(type);
  link.length = str(length);
}

void read_link(const Reading& r, const Node& n, Common& to) {
  if (n.attribute_count == 0 && !n.is_atom) {  // RSS's, which is its text
    const std::string_view href = r.url(n, r.text(n));
    add_link(to, "alternate", href);
    if (!href.empty()) to.link.offer(4, href);
    return;
  }
  const std::string_view stated_href = r.attribute(n, "href");
  const std::string_view resource = r.attribute(n, "resource");
  std::string_view href = !stated_href.empty() ? stated_href : r.text(n);
  if (href.empty()) href = resource;
  href = r.url(n, href);
  // An empty reference is the document itself (RFC 3986, section 4.4).
  if (href.empty() && stated_href.data() != nullptr) href = r.scope(n).base;
  if (href.empty()) return;
  tidings_link& link = sdk::append(to.links);
  const std::string_view rel = short_relation(r.attribute(n, "rel"));
  link.rel = str(rel.empty() ? "alternate" : rel);
  link.href = str(href);
  link.type = str(r.attribute(n, "type"));
  link.title = str(r.attribute(n, "title"));
  link.hreflang = str(r.attribute(n, "hreflang"));
  link.length = str(r.attribute(n, "length"));
  if (!text::equal_ignoring_case(sdk::view(link.rel), "alternate")) return;
  const bool is_rss_link = rel.empty() && stated_href.data() == nullptr;
  to.link.offer(is_rss_link && !n.is_atom ? 4 : is_page(sdk::view(link.type)) ? 3 : 2, href);
}

}  // namespace tidings::feed
