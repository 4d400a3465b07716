#include "feed/entry.h"

#include <charconv>

#include "base/text.h"
#include "feed/head.h"
#include "feed/web_url.h"

namespace tidings::feed {
namespace {

using sdk::str;
using sdk::view;

constexpr std::size_t kMaxContents = 64;

void add_content(EntryParts& to, const tidings_text& content) {
  if (content.value.size + content.src.size > 0 && to.content.size() < kMaxContents) to.content.push_back(content);
}

// RSS says twice what Atom says as summary and content: the second description is the content where there is no other.
void read_summary(const Reading& r, const Node& n, EntryParts& to, Markup usual) {
  const tidings_text said = r.construct(n, r.is_atom(n) ? Markup::text : usual);
  if (said.value.size == 0) return;
  if (!to.common.summary.offer(5, said) && to.content.empty()) add_content(to, said);
}

void offer_summary(const Reading& r, const Node& n, EntryParts& to, int rank, Markup usual) {
  const tidings_text said = r.construct(n, usual);
  if (said.value.size > 0) to.common.summary.offer(rank, said);
}

std::int64_t length_of(std::string_view said) {
  std::int64_t length = -1;
  const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), length);
  return error == std::errc() && end == said.data() + said.size() && length >= 0 ? length : -1;
}

void add_enclosure(EntryParts& to, std::string_view url, std::string_view type, std::string_view length, std::string_view title) {
  if (url.empty()) return;
  for (const tidings_media& known : to.enclosures) {
    if (view(known.url) == url) return;
  }
  if (to.enclosures.size() >= kMaxContents) return;
  tidings_media& media = sdk::append(to.enclosures);
  media.url = str(url);
  media.type = str(type);
  media.title = str(title);
  media.length = length_of(length);
}

// Atom's source is a feed; that of RSS is a title with a URL.
void read_source(const Reading& r, const Node& n, Head& to) {
  to.clear();
  if (r.has_markup(n)) {
    for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
      if (c->kind == Node::Kind::element) read_head_element(r, *c, to);
    }
    return;
  }
  to.common.title.offer(1, r.construct(n, Markup::guess));
  const std::string_view url = r.url(n, r.attribute(n, "url"));
  add_link(to.common, "self", url);
  to.common.link.offer(1, url);
}

// True where the element is one that only entries have.
bool read_own(const Reading& r, const Node& n, EntryParts& to) {
  switch (n.key()) {
    case core(Name::description): read_summary(r, n, to, Markup::html); return true;
    case core(Name::summary):
    case core(Name::abstract): read_summary(r, n, to, Markup::guess); return true;
    case key(Ns::dc, Name::description): offer_summary(r, n, to, 4, Markup::html); return true;
    case key(Ns::dcterms, Name::abstract): offer_summary(r, n, to, 3, Markup::html); return true;
    case key(Ns::itunes, Name::summary):
    case key(Ns::googleplay, Name::description): offer_summary(r, n, to, 2, Markup::guess); return true;
    case key(Ns::itunes, Name::subtitle): add_extra(to.common, "itunes:subtitle", r.text(n)); return true;
    case key(Ns::media, Name::description): offer_summary(r, n, to, 1, Markup::guess); return true;

    case core(Name::content): add_content(to, r.construct(n, r.is_atom(n) ? Markup::text : Markup::html)); return true;
    case key(Ns::content, Name::encoded):
    case core(Name::fullitem): add_content(to, r.construct(n, Markup::html)); return true;
    case core(Name::body): add_content(to, r.construct(n, r.has_markup(n) ? Markup::xhtml : Markup::html)); return true;
    case key(Ns::xhtml, Name::body): add_content(to, r.construct(n, Markup::xhtml)); return true;

    case core(Name::enclosure): {
      std::string_view url = r.attribute(n, "url");
      if (url.empty()) url = r.attribute(n, "href");
      if (url.empty()) url = r.attribute(n, "resource");
      if (url.empty()) url = r.text(n);
      url = r.url(n, url);
      const std::string_view type = r.attribute(n, "type");
      const std::string_view length = r.attribute(n, "length");
      add_enclosure(to, url, type, length, {});
      add_link(to.common, "enclosure", url, type, length);
      return true;
    }
    case core(Name::comments): to.comments = r.url(n, r.text(n)); return true;
    case key(Ns::wfw, Name::commentrss): add_extra(to.common, "wfw:commentRss", r.url(n, r.text(n))); return true;
    case key(Ns::slash, Name::department): add_extra(to.common, "slash:department", r.text(n)); return true;
    case key(Ns::slash, Name::section): add_extra(to.common, "slash:section", r.text(n)); return true;
    case key(Ns::slash, Name::comments): add_extra(to.common, "slash:comments", r.text(n)); return true;
    case key(Ns::thr, Name::total): add_extra(to.common, "thr:total", r.text(n)); return true;
    case key(Ns::thr, Name::inreplyto): add_extra(to.common, "thr:in-reply-to", r.attribute(n, "ref")); return true;
    case key(Ns::itunes, Name::episodetype): add_extra(to.common, "itunes:episodeType", r.text(n)); return true;
    case key(Ns::itunes, Name::order): add_extra(to.common, "itunes:order", r.text(n)); return true;
    case key(Ns::podcast, Name::alternateenclosure): read_alternate_enclosure(r, n, to.common); return true;
    case key(Ns::itunes, Name::duration): add_extra(to.common, "itunes:duration", r.text(n)); return true;
    case key(Ns::itunes, Name::episode):
    case key(Ns::podcast, Name::episode): add_extra(to.common, "itunes:episode", r.text(n)); return true;
    case key(Ns::itunes, Name::season):
    case key(Ns::podcast, Name::season): add_extra(to.common, "itunes:season", r.text(n)); return true;
    case key(Ns::podcast, Name::transcript): add_extra(to.common, "podcast:transcript", r.url(n, r.attribute(n, "url"))); return true;
    case key(Ns::podcast, Name::chapters): add_extra(to.common, "podcast:chapters", r.url(n, r.attribute(n, "url"))); return true;
    case key(Ns::geo, Name::lat):
    case key(Ns::geo, Name::long_): return true;  // read together
    default: return read_position(r, n, to);
  }
}

// RSS's guid is a link unless it says otherwise; Atom's id, if it is a URL, where there is no other.
void read_guid(const Reading& r, const Node& n, EntryParts& to) {
  if (n.key() == core(Name::id)) {
    if (const std::string_view id = r.text(n); is_web_url(id)) to.guid_link = r.url(n, id);
  }
  if (n.key() != core(Name::guid)) return;
  const std::string_view stated = r.attribute(n, "isPermaLink");
  const bool may_be = !text::equal_ignoring_case(stated, "false");
  const std::string_view guid = r.text(n);
  const bool is_link = may_be && (is_web_url(guid) || (text::equal_ignoring_case(stated, "true") && guid.find(':') == std::string_view::npos));
  to.id_is_permalink = is_link;
  if (is_link) to.guid_link = r.url(n, guid);
}

// W3C geo says latitude and longitude in two elements.
void read_lat_long(const Reading& r, const Node& entry, EntryParts& to) {
  double latitude = 91;
  double longitude = 181;
  bool found = false;
  for (const Node* c = r.tree().child(entry); c; c = r.tree().next(*c)) {
    if (c->ns != Ns::geo || (c->name != Name::lat && c->name != Name::long_)) continue;
    const std::string_view said = r.text(*c);
    std::from_chars(said.data(), said.data() + said.size(), c->name == Name::lat ? latitude : longitude);
    found = true;
  }
  if (!found || to.has_position || !(latitude <= 90 && latitude >= -90 && longitude <= 180 && longitude >= -180)) return;
  to.latitude = latitude;
  to.longitude = longitude;
  to.has_position = true;
}

void read_attributes(const Reading& r, const Node& n, Common& to) {
  if (n.attribute_count == 0) return;
  if (const auto about = r.attribute(n, "about"); !about.empty()) to.id.offer(2, about);
  if (const auto href = r.url(n, r.attribute(n, "href")); !href.empty()) {  // CDF
    add_link(to, "alternate", href);
    to.link.offer(3, href);
  }
  if (const auto modified = r.attribute(n, "lastmod"); !modified.empty()) to.updated.offer(2, r.date(modified));
}

// The language of the text: what is stated nearest to it; an empty xml:lang takes back what the feed says.
std::string_view language_of(const Reading& r, const Node& entry, const EntryParts& parts, const Inherited& inherited,
                             std::uint32_t text_scope) {
  if (parts.common.language.rank > 0) return parts.common.language.value;
  const Scope& own = r.xml().scope(text_scope != 0 ? text_scope : entry.scope);
  if (own.language_stated) return own.language;
  return inherited.language.empty() ? std::string_view(own.language) : inherited.language;
}

}  // namespace

void EntryParts::clear() {
  common.clear();
  content.clear();
  enclosures.clear();
  comments = guid_link = {};
  id_is_permalink = has_source = has_position = false;
}

tidings_entry read_entry(const Reading& r, const Inherited& inherited, EntryParts& parts, Head& source) {
  const Node& root = r.tree().root();
  parts.clear();
  std::uint32_t text_scope = 0;  // of the content, else the summary, else the title
  int text_rank = 0;
  read_attributes(r, root, parts.common);
  for (const Node* c = r.tree().child(root); c; c = r.tree().next(*c)) {
    if (c->kind != Node::Kind::element) continue;
    if (c->key() == core(Name::source)) {
      read_source(r, *c, source);
      parts.has_source = true;
      continue;
    }
    read_guid(r, *c, parts);
    if (!read_own(r, *c, parts)) read_common(r, *c, parts.common);
    const int rank = c->name == Name::content || c->name == Name::encoded || c->name == Name::fullitem || c->name == Name::body ? 3
                     : c->name == Name::summary || c->name == Name::description ? 2
                     : c->name == Name::title ? 1 : 0;
    if (rank > text_rank) {
      text_rank = rank;
      text_scope = c->scope;
    }
  }
  read_lat_long(r, root, parts);
  Common& c = parts.common;
  if (!parts.guid_link.empty()) c.link.offer(1, parts.guid_link);
  for (const tidings_link& link : c.links) {
    if (text::equal_ignoring_case(view(link.rel), "enclosure")) {
      add_enclosure(parts, view(link.href), view(link.type), view(link.length), view(link.title));
    }
  }

  c.settle_dates();
  auto entry = sdk::made<tidings_entry>();
  entry.id = str(c.id.value);
  entry.id_is_permalink = parts.id_is_permalink;
  if (c.title.rank > 0) entry.title = c.title.value;
  if (c.summary.rank > 0) entry.summary = c.summary.value;
  if (c.rights.rank > 0) entry.rights = c.rights.value;
  sdk::list(entry.content, entry.content_count, parts.content);
  entry.link = str(c.link.value);
  entry.comments = str(parts.comments);
  entry.language = str(language_of(r, root, parts, inherited, text_scope));
  if (c.published.rank > 0) entry.published = c.published.value;
  if (c.updated.rank > 0) entry.updated = c.updated.value;
  if (c.expires.rank > 0) entry.expires = c.expires.value;
  sdk::list(entry.authors, entry.author_count, c.authors);
  sdk::list(entry.contributors, entry.contributor_count, c.contributors);
  sdk::list(entry.categories, entry.category_count, c.categories);
  sdk::list(entry.links, entry.link_count, c.links);
  sdk::list(entry.enclosures, entry.enclosure_count, parts.enclosures);
  sdk::list(entry.media, entry.media_count, c.media);
  sdk::list(entry.thumbnails, entry.thumbnail_count, c.thumbnails);
  if (c.image.rank > 0) entry.image = c.image.value;
  entry.latitude = parts.latitude;
  entry.longitude = parts.longitude;
  entry.has_position = parts.has_position;
  if (!c.extra.empty()) {
    c.extra = "{" + c.extra + "}";
    entry.extra = str(c.extra);
  }
  return entry;
}

tidings_entry read_tombstone(const Reading& r) {
  const Node& root = r.tree().root();
  auto entry = sdk::made<tidings_entry>();
  entry.deleted = 1;
  entry.id = str(r.attribute(root, "ref"));
  entry.updated = r.date(r.attribute(root, "when"));
  for (const Node* c = r.tree().child(root); c; c = r.tree().next(*c)) {
    if (c->kind != Node::Kind::element) continue;
    if (c->name == Name::comments || c->local == "comment") entry.summary = r.construct(*c, Markup::text);
  }
  return entry;
}

}  // namespace tidings::feed
