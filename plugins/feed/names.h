#pragma once
// The vocabulary of feeds: namespaces and element names as small numbers, so that reading code can switch on them.

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tidings::feed {

// The dialects of RSS, Atom and CDF are one namespace, core: their element names mean the same wherever they stand.
enum class Ns : std::uint8_t {
  core, dc, dcterms, content, media, itunes, podcast, georss, gml, geo, slash, thr, sy, admin, cc, xhtml, history,
  tombstone, feedburner, wfw, psc, rdf, googleplay, youtube, xlink, svg, mathml, xml, other,
};

struct Namespace {
  Ns ns = Ns::other;
  bool is_atom = false;  // Atom's own: its rules for text hold
};

// Of a URI, as it is written in feeds, wrong case and missing slashes included; Ns::other where it is unknown.
Namespace namespace_of_uri(std::string_view uri);
// What an undeclared or wrongly declared prefix is meant to be.
Namespace namespace_of_prefix(std::string_view prefix);

#define TIDINGS_FEED_NAMES(X)                                                                                        \
  X(abstract) X(about) X(author) X(base) X(body) X(box) X(category) X(channel) X(chapters) X(circle) X(comments)     \
  X(commentrss) X(content) X(contributor) X(copyright) X(created) X(creator) X(credit) X(date) X(day)                \
  X(description) X(docs) X(duration) X(email) X(enclosure) X(encoded) X(entry) X(expirationdate) X(explicit_)        \
  X(feed) X(fullitem) X(generator) X(generatoragent) X(group) X(guid) X(height) X(homepage) X(hour) X(href) X(html)  \
  X(icon) X(id) X(identifier) X(image) X(info) X(issued) X(item) X(items) X(keywords) X(language) X(lastbuilddate)   \
  X(lastmod) X(lat) X(license) X(link) X(locked) X(logo) X(long_) X(lon) X(managingeditor) X(modified) X(name)       \
  X(newlocation) X(newfeedurl) X(origlink) X(owner) X(person) X(player) X(point) X(pos) X(pubdate) X(published)      \
  X(publisher) X(rating) X(rdf) X(rights) X(rss) X(skipdays) X(skiphours) X(source) X(subject) X(subtitle)           \
  X(summary) X(tagline) X(tags) X(text) X(textinput) X(thumbnail) X(title) X(total) X(transcript) X(ttl) X(type)     \
  X(updated) X(updatebase) X(updatefrequency) X(updateperiod) X(uri) X(url) X(valid) X(webmaster) X(where) X(width)  \
  X(available) X(deletedentry) X(inreplyto) X(location) X(season) X(episode) X(feedurl) X(div) X(cloud) X(urlset)    \
  X(opml) X(sitemapindex) X(complete) X(archive) X(schedule) X(code) X(embed) X(statistics) X(community)    \
  X(line) X(polygon) X(poslist) X(funding) X(medium) X(alternateenclosure) X(episodetype) X(block) X(order) X(department) \
  X(section)

enum class Name : std::uint8_t {
  unknown,
#define TIDINGS_FEED_NAME(n) n,
  TIDINGS_FEED_NAMES(TIDINGS_FEED_NAME)
#undef TIDINGS_FEED_NAME
};

// Names are too short for a call of memcmp to be worth it.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  const auto same = [&]<class Word>(Word x, std::size_t at) {
    Word y{};
    std::memcpy(&x, a + at, sizeof x);
    std::memcpy(&y, b + at, sizeof y);
    return x == y;
  };
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      if (!same(std::uint64_t{}, at)) return false;
    }
    return same(std::uint64_t{}, size - 8);
  }
  if (size >= 4) return same(std::uint32_t{}, 0) && same(std::uint32_t{}, size - 4);
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}
inline bool same(std::string_view a, std::string_view b) { return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size()); }

// Of a local name, in any case and with or without hyphens and underscores.
Name name_of(std::string_view local);

// For `switch`: an element is its namespace and its name.
constexpr std::uint32_t key(Ns ns, Name name) {
  return static_cast<std::uint32_t>(ns) << 8 | static_cast<std::uint32_t>(name);
}
constexpr std::uint32_t core(Name name) { return key(Ns::core, name); }

}  // namespace tidings::feed
