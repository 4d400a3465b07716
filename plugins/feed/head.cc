#include "feed/head.h"

#include "base/text.h"

namespace tidings::feed {
namespace {

using sdk::str;
using sdk::view;

void offer_subtitle(const Reading& r, const Node& n, Head& to, int rank, Markup usual) {
  const tidings_text said = r.construct(n, r.is_atom(n) ? Markup::text : usual);
  if (said.value.size > 0) to.common.summary.offer(rank, said);
}

void set(std::string_view& to, std::string_view value) {
  if (to.empty()) to = value;
}

std::string_view href_of(const Head& head, std::string_view rel) {
  for (const tidings_link& link : head.common.links) {
    if (text::equal_ignoring_case(view(link.rel), rel)) return view(link.href);
  }
  return {};
}

// Where an rssCloud takes registrations by a plain POST; its XML-RPC and SOAP forms are passed over.
std::string_view cloud_url(const Reading& r, const Node& n) {
  const std::string_view protocol = r.attribute(n, "protocol");
  const bool is_secure = text::equal_ignoring_case(protocol, "https-post");
  const std::string_view domain = r.attribute(n, "domain");
  if ((!is_secure && !text::equal_ignoring_case(protocol, "http-post")) || domain.empty()) return {};
  std::string url(is_secure ? "https://" : "http://");
  url.append(domain);
  if (const auto port = r.attribute(n, "port"); !port.empty()) url.append(":").append(port);
  const std::string_view path = r.attribute(n, "path");
  if (!path.starts_with('/')) url += '/';
  return r.arena().keep(url.append(path));
}

}  // namespace

void Head::clear() {
  Common kept = std::move(common);
  kept.clear();
  *this = Head();
  common = std::move(kept);
}

void read_head_element(const Reading& r, const Node& n, Head& to) {
  switch (n.key()) {
    case core(Name::description):
    case core(Name::subtitle):
    case core(Name::tagline): offer_subtitle(r, n, to, 6, Markup::html); return;
    case core(Name::abstract): offer_subtitle(r, n, to, 6, Markup::guess); return;
    case key(Ns::dc, Name::description): offer_subtitle(r, n, to, 5, Markup::html); return;
    case core(Name::info):
    case core(Name::summary): offer_subtitle(r, n, to, 4, Markup::guess); return;
    case key(Ns::itunes, Name::summary):
    case key(Ns::googleplay, Name::description): offer_subtitle(r, n, to, 3, Markup::guess); return;
    case key(Ns::itunes, Name::subtitle): offer_subtitle(r, n, to, 2, Markup::guess); return;
    case key(Ns::media, Name::description): offer_subtitle(r, n, to, 1, Markup::guess); return;

    case core(Name::managingeditor): add_person(to.common.authors, read_person(r, n)); return;
    case core(Name::webmaster):
    case core(Name::owner):
    case key(Ns::itunes, Name::owner): add_person(to.contacts, read_person(r, n)); return;
    case core(Name::generator): {
      set(to.generator, r.text(n));
      set(to.generator, r.attribute(n, "uri"));
      return;
    }
    case key(Ns::admin, Name::generatoragent): {
      const auto agent = r.attribute(n, "resource");
      set(to.generator, agent.empty() ? r.text(n) : agent);
      return;
    }
    case core(Name::icon): set(to.icon, r.url(n, r.text(n))); return;
    case core(Name::logo): {
      const std::string_view href = r.attribute(n, "href");  // CDF's
      set(to.logo, r.url(n, href.empty() ? r.text(n) : href));
      return;
    }
    case core(Name::newlocation):
    case key(Ns::itunes, Name::newfeedurl):
    case key(Ns::podcast, Name::newfeedurl): {
      std::string_view url = r.text(n);
      for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
        if (c->kind == Node::Kind::element && (c->name == Name::location || c->name == Name::newlocation)) url = r.text(*c);
      }
      set(to.new_url, r.url(n, url));
      return;
    }
    case core(Name::cloud): set(to.cloud, cloud_url(r, n)); return;
    case key(Ns::history, Name::complete): add_extra(to.common, "fh:complete", "true"); return;
    case key(Ns::history, Name::archive): add_extra(to.common, "fh:archive", "true"); return;
    default: break;
  }
  if (!read_hint(r, n, to)) read_common(r, n, to.common);
}

tidings_feed feed_of(Head& head, std::string_view encoding) {
  Common& c = head.common;
  c.settle_dates();
  auto feed = sdk::made<tidings_feed>();
  feed.format = str(head.format);
  feed.version = str(head.version);
  feed.encoding = str(encoding);
  if (c.title.rank > 0) feed.title = c.title.value;
  if (c.summary.rank > 0) feed.subtitle = c.summary.value;
  if (c.rights.rank > 0) feed.rights = c.rights.value;
  feed.link = str(c.link.value);
  feed.id = str(c.id.value);
  feed.language = str(c.language.rank > 0 ? c.language.value : head.root_language);
  feed.generator = str(head.generator);
  feed.icon = str(head.icon);
  feed.logo = str(head.logo);
  feed.new_url = str(head.new_url);
  feed.cloud = str(head.cloud);
  feed.self = str(href_of(head, "self"));
  std::string_view archive = href_of(head, "prev-archive");
  if (archive.empty()) archive = href_of(head, "next");
  feed.next_archive = str(archive);
  for (const tidings_link& link : c.links) {
    if (text::equal_ignoring_case(view(link.rel), "hub")) head.hubs.push_back(link.href);
  }
  sdk::list(feed.hubs, feed.hub_count, head.hubs);
  if (c.published.rank > 0) feed.published = c.published.value;
  if (c.updated.rank > 0) feed.updated = c.updated.value;
  if (c.image.rank > 0) {
    feed.image = c.image.value;
  } else {
    feed.image.url = str(head.logo);  // what Atom calls it
  }
  sdk::list(feed.authors, feed.author_count, c.authors.empty() ? head.contacts : c.authors);
  sdk::list(feed.contributors, feed.contributor_count, c.contributors);
  sdk::list(feed.categories, feed.category_count, c.categories);
  sdk::list(feed.links, feed.link_count, c.links);
  feed.ttl_minutes = head.ttl_minutes;
  if (head.update_period_seconds > 0) feed.update_period_seconds = head.update_period_seconds / head.update_frequency;
  feed.skip_hours = head.skip_hours;
  feed.skip_days = head.skip_days;
  if (!c.extra.empty()) {
    c.extra = "{" + c.extra + "}";
    feed.extra = str(c.extra);
  }
  return feed;
}

}  // namespace tidings::feed
