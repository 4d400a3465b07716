#include "feed/names.h"

#include <array>
#include <bit>
#include <type_traits>

#include "base/text.h"

namespace tidings::feed {
namespace {

struct Known {
  std::string_view text;
  Ns ns;
  bool is_atom = false;
};

constexpr Known kUris[] = {
    {"", Ns::core},
    {"http://www.w3.org/2005/atom", Ns::core, true},
    {"http://purl.org/atom/ns", Ns::core, true},
    {"http://purl.org/rss/1.0", Ns::core},
    {"http://my.netscape.com/rdf/simple/0.9", Ns::core},
    {"http://channel.netscape.com/rdf/simple/0.9", Ns::core},
    {"http://my.netscape.com/publish/formats/rss-0.91", Ns::core},
    {"http://backend.userland.com/rss", Ns::core},
    {"http://backend.userland.com/rss2", Ns::core},
    {"http://backend.userland.com/rss091", Ns::core},
    {"http://backend.userland.com/rss092", Ns::core},
    {"http://blogs.law.harvard.edu/tech/rss", Ns::core},
    {"http://cyber.law.harvard.edu/rss", Ns::core},
    {"http://purl.org/rss/1.0/modules/rss091", Ns::core},
    {"http://purl.org/net/rss1.1", Ns::core},
    {"http://purl.org/echo", Ns::core, true},
    {"http://purl.org/pie", Ns::core, true},
    {"uri/of/echo/namespace", Ns::core, true},
    {"http://example.com/newformat", Ns::core, true},
    {"http://example.com/necho", Ns::core, true},
    {"http://purl.org/dc/elements/1.1", Ns::dc},
    {"http://purl.org/dc/elements/1.0", Ns::dc},
    {"http://purl.org/dc", Ns::dc},
    {"http://purl.org/dc/terms", Ns::dcterms},
    {"http://purl.org/rss/1.0/modules/content", Ns::content},
    {"http://search.yahoo.com/mrss", Ns::media},
    {"http://video.search.yahoo.com/mrss", Ns::media},
    {"http://tools.search.yahoo.com/mrss", Ns::media},
    {"http://www.itunes.com/dtds/podcast-1.0.dtd", Ns::itunes},
    {"http://example.com/dtds/podcast-1.0.dtd", Ns::itunes},
    {"http://www.itunes.com/dtds/podcast", Ns::itunes},
    {"http://podcastindex.org/namespace/1.0", Ns::podcast},
    {"http://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md", Ns::podcast},
    {"http://www.google.com/schemas/play-podcasts/1.0", Ns::googleplay},
    {"http://www.georss.org/georss", Ns::georss},
    {"http://www.opengis.net/gml", Ns::gml},
    {"http://www.w3.org/2003/01/geo/wgs84_pos", Ns::geo},
    {"http://purl.org/rss/1.0/modules/slash", Ns::slash},
    {"http://purl.org/syndication/thread/1.0", Ns::thr},
    {"http://purl.org/rss/1.0/modules/syndication", Ns::sy},
    {"http://webns.net/mvcb", Ns::admin},
    {"http://web.resource.org/cc", Ns::cc},
    {"http://creativecommons.org/ns", Ns::cc},
    {"http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html", Ns::cc},
    {"http://backend.userland.com/creativecommonsrssmodule", Ns::cc},
    {"http://www.w3.org/1999/xhtml", Ns::xhtml},
    {"http://purl.org/syndication/history/1.0", Ns::history},
    {"http://purl.org/atompub/tombstones/1.0", Ns::tombstone},
    {"http://rssnamespace.org/feedburner/ext/1.0", Ns::feedburner},
    {"http://wellformedweb.org/commentapi", Ns::wfw},
    {"http://podlove.org/simple-chapters", Ns::psc},
    {"http://www.w3.org/1999/02/22-rdf-syntax-ns", Ns::rdf},
    {"http://www.youtube.com/xml/schemas/2015", Ns::youtube},
    {"http://www.w3.org/1999/xlink", Ns::xlink},
    {"http://www.w3.org/2000/svg", Ns::svg},
    {"http://www.w3.org/1998/math/mathml", Ns::mathml},
    {"http://www.w3.org/xml/1998/namespace", Ns::xml},
};

constexpr Known kPrefixes[] = {
    {"atom", Ns::core, true}, {"a10", Ns::core, true}, {"atom10", Ns::core, true}, {"rss", Ns::core}, {"dc", Ns::dc},
    {"dcterms", Ns::dcterms}, {"dct", Ns::dcterms}, {"content", Ns::content}, {"media", Ns::media},
    {"itunes", Ns::itunes}, {"podcast", Ns::podcast}, {"googleplay", Ns::googleplay}, {"georss", Ns::georss},
    {"gml", Ns::gml}, {"geo", Ns::geo}, {"slash", Ns::slash}, {"thr", Ns::thr}, {"sy", Ns::sy}, {"admin", Ns::admin},
    {"cc", Ns::cc}, {"creativecommons", Ns::cc}, {"xhtml", Ns::xhtml}, {"fh", Ns::history}, {"at", Ns::tombstone},
    {"feedburner", Ns::feedburner}, {"wfw", Ns::wfw}, {"psc", Ns::psc}, {"rdf", Ns::rdf}, {"yt", Ns::youtube},
    {"xlink", Ns::xlink}, {"svg", Ns::svg}, {"math", Ns::mathml}, {"xml", Ns::xml},
};

constexpr std::string_view kNames[] = {
#define TIDINGS_FEED_NAME(n) #n,
    TIDINGS_FEED_NAMES(TIDINGS_FEED_NAME)
#undef TIDINGS_FEED_NAME
};

// A name of up to 24 characters in lower case as up to three machine words, which overlap where it is shorter.
struct Folded {
  std::uint64_t head = 0;
  std::uint64_t middle = 0;
  std::uint64_t tail = 0;
  std::size_t size = 0;

  friend constexpr bool operator==(const Folded&, const Folded&) = default;
};
constexpr std::size_t kLongest = 24;

// N bytes as the machine reads them at once.
template <std::size_t N>
constexpr std::uint64_t load(const char* s) {
  std::uint64_t word = 0;
  if (!std::is_constant_evaluated()) {
    std::memcpy(&word, s, N);
    return word;
  }
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t at = std::endian::native == std::endian::little ? i : 7 - i;
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(s[i])) << (8 * at);
  }
  return word;
}

constexpr Folded fold(std::string_view s) {
  constexpr std::uint64_t kLowerCase = 0x2020202020202020U;  // of letters; nothing else becomes a letter by it
  Folded f{.size = s.size()};
  if (s.size() >= 8) {
    f.head = load<8>(s.data());
    if (s.size() > 16) f.middle = load<8>(s.data() + (s.size() - 8) / 2) | kLowerCase;
    f.tail = load<8>(s.data() + s.size() - 8);
  } else if (s.size() >= 4) {
    f.head = load<4>(s.data());
    f.tail = load<4>(s.data() + s.size() - 4);
  } else if (!s.empty()) {
    f.head = load<1>(s.data());
    f.middle = load<1>(s.data() + s.size() / 2) | kLowerCase;
    f.tail = load<1>(s.data() + s.size() - 1);
  }
  f.head |= kLowerCase;
  f.tail |= kLowerCase;
  return f;
}

// Names that are words of C++ have an underscore behind them in the list.
constexpr std::array kFolded = [] {
  std::array<Folded, std::size(kNames)> all{};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    const std::string_view name = kNames[i];
    all[i] = fold(name.ends_with('_') ? name.substr(0, name.size() - 1) : name);
  }
  return all;
}();

constexpr std::size_t kSlots = 512;
constexpr std::size_t slot_of(const Folded& f) {
  return static_cast<std::size_t>(((f.head * 0x9E3779B97F4A7C15U) ^ (f.tail * 0xC2B2AE3D27D4EB4FU)) + f.size) >> 55;
}

// Open addressing, filled by the compiler.
constexpr std::array<std::uint8_t, kSlots> kTable = [] {
  std::array<std::uint8_t, kSlots> table{};
  std::uint8_t number = 1;
  for (const Folded& name : kFolded) {
    std::size_t slot = slot_of(name);
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = number++;
  }
  return table;
}();

Name find(std::string_view local) {
  if (local.size() > kLongest) return Name::unknown;
  const Folded folded = fold(local);
  for (std::size_t slot = slot_of(folded); kTable[slot] != 0; slot = (slot + 1) % kSlots) {
    if (kFolded[kTable[slot] - 1U] == folded) return static_cast<Name>(kTable[slot]);
  }
  return Name::unknown;
}

}  // namespace

Name name_of(std::string_view local) {
  constexpr std::size_t kMaxHyphens = 8;
  if (const Name name = find(local); name != Name::unknown || local.size() > kLongest + kMaxHyphens) return name;
  std::array<char, kLongest + kMaxHyphens> joined{};
  std::size_t size = 0;
  for (const char c : local) {
    if (c != '-' && c != '_') joined[size++] = c;
  }
  return size == local.size() ? Name::unknown : find({joined.data(), size});
}

Namespace namespace_of_uri(std::string_view uri) {
  uri = text::trim(uri);
  std::string folded = text::ascii_lower(uri);
  while (!folded.empty() && (folded.back() == '/' || folded.back() == '#')) folded.pop_back();
  if (folded.starts_with("https://")) folded.erase(4, 1);
  for (const Known& known : kUris) {
    if (known.text == folded) return {known.ns, known.is_atom};
  }
  return {};
}

Namespace namespace_of_prefix(std::string_view prefix) {
  for (const Known& known : kPrefixes) {
    if (text::equal_ignoring_case(known.text, prefix)) return {known.ns, known.is_atom};
  }
  return {};
}

}  // namespace tidings::feed
