#include "base/text.h"
#include "feed/common.h"

namespace tidings::feed {
namespace {

using sdk::str;
using sdk::view;

constexpr std::string_view kItunesScheme = "http://www.itunes.com/";
constexpr std::size_t kMaxCategories = 1000;  // the comparison of each with all is quadratic

}  // namespace

void add_category(std::vector<tidings_category>& to, std::string_view term, std::string_view scheme, std::string_view label) {
  if ((term.empty() && label.empty()) || to.size() >= kMaxCategories) return;
  for (const tidings_category& known : to) {
    if (view(known.term) == term && view(known.scheme) == scheme && view(known.label) == label) return;
  }
  tidings_category& category = sdk::append(to);
  category.term = str(term);
  category.scheme = str(scheme);
  category.label = str(label);
}

void read_category(const Reading& r, const Node& n, Common& to) {
  if (n.ns == Ns::itunes || n.ns == Ns::googleplay) {
    // Subcategories stand inside their category.
    std::string_view term = r.attribute(n, "text");
    if (term.empty() && !r.has_markup(n)) term = r.text(n);
    add_category(to.categories, term, kItunesScheme, {});
    for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
      if (c->kind != Node::Kind::element || c->key() != n.key()) continue;
      add_category(to.categories, r.attribute(*c, "text"), kItunesScheme, {});
    }
    return;
  }
  std::string_view term = r.attribute(n, "term");
  if (term.empty()) term = r.text(n);
  std::string_view scheme = r.attribute(n, "scheme");
  if (scheme.empty()) scheme = r.attribute(n, "domain");
  if (scheme.empty() && n.ns == Ns::media) scheme = "http://search.yahoo.com/mrss/category_schema";
  add_category(to.categories, term, scheme, r.attribute(n, "label"));
}

void read_keywords(const Reading& r, const Node& n, Common& to) {
  std::string_view rest = r.text(n);
  const std::string_view scheme = n.ns == Ns::itunes ? kItunesScheme : std::string_view();
  while (!rest.empty()) {
    const std::size_t comma = rest.find_first_of(",;");
    const std::string_view term = text::trim(rest.substr(0, comma));
    add_category(to.categories, term, scheme, {});
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace tidings::feed
