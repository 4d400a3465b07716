#include "feed/feed_reader.h"

#include <algorithm>

#include "base/text.h"
#include "feed/entry.h"
#include "feed/findings.h"
#include "feed/head.h"

namespace tidings::feed {
namespace {

using sdk::str;

enum class Part : std::uint8_t { root, channel, record, tombstone, member, wrapper };

class Reader {
 public:
  Reader(const Decoded& document, const Retrieval& retrieval, sdk::Sink& sink)
      : document_(document),
        sink_(sink),
        xml_(document.text, Scope{retrieval.base, retrieval.language, false}, Xml::Repairs{document.may_be_mixed, document.has_c1}) {}

  int run() {
    walk();
    report_encoding(document_, sink_);
    if (head_.format.empty()) {
      sink_.error("not-a-feed", what_it_is());
      return TIDINGS_NOT_MINE;
    }
    report_repairs(xml_, sink_);
    if (xml_.is_truncated()) sink_.partial();
    sink_.feed(feed_of(head_, document_.encoding));
    return sink_.stopped() ? TIDINGS_STOPPED : TIDINGS_OK;
  }

 private:
  // Elements are walked without recursion: what feeds are nested in is up to them.
  void walk() {
    std::size_t depth = 0;
    std::size_t foreign = 0;  // the depth at which an element of no feed was entered, 0: none
    while (!sink_.stopped()) {
      if (!xml_.open()) {
        if (depth == 0) return;
        xml_.leave();
        if (foreign == depth) foreign = 0;
        --depth;
        continue;
      }
      const Node& tag = xml_.tag().root();
      switch (part_of(tag, depth, foreign != 0)) {
        case Part::root: read_root(tag); break;
        case Part::channel: read_channel(tag); break;
        case Part::record: read_record(); continue;
        case Part::tombstone: {
          const Tree& tree = xml_.read(record_name_);
          arena_.reset();
          tidings_entry entry = read_tombstone(reading(tree, arena_));
          emit(entry, tree);
          continue;
        }
        case Part::member: {
          const Tree& tree = xml_.read(record_name_);
          read_head_element(reading(tree, head_arena_), tree.root(), head_);
          continue;
        }
        case Part::wrapper:
          if (depth == 0 || head_.format.empty()) {
            xml_.note(head_.format.empty() ? Flaw::junk_before : Flaw::junk_after, tag.offset);
          }
          if (depth + 1 >= kMaxDepth) continue;  // passed over
          if (foreign == 0 && !head_.format.empty()) foreign = depth + 1;
          break;
      }
      xml_.enter();
      ++depth;
    }
  }

  Part part_of(const Node& tag, std::size_t depth, bool is_foreign) const {
    const bool has_root = !head_.format.empty();
    switch (tag.key()) {
      case core(Name::rss):
      case core(Name::feed):
      case key(Ns::rdf, Name::rdf):
      case core(Name::rdf):
        if (!has_root) return Part::root;
        break;
      case core(Name::channel): return has_root ? Part::channel : Part::root;
      case core(Name::item):
      case core(Name::entry): return has_root || depth == 0 ? Part::record : Part::wrapper;
      case key(Ns::tombstone, Name::deletedentry): return has_root ? Part::tombstone : Part::wrapper;
      default: break;
    }
    if (has_root && tag.key() == core(Name::newlocation)) return Part::member;  // wherever it stands
    if (!has_root || is_foreign || depth == 0) return Part::wrapper;
    const bool known = tag.name != Name::unknown && tag.name != Name::items && tag.ns != Ns::other && tag.ns != Ns::xhtml;
    return known ? Part::member : Part::wrapper;
  }

  void read_root(const Node& tag) {
    const Reading r = reading(xml_.tag(), head_arena_);
    const std::string_view version = r.attribute(tag, "version");
    if (tag.name == Name::feed) {
      head_.format = "atom";
      is_atom_ = true;
      head_.version = version == "0.3" || (tag.is_atom && states_namespace("purl.org/atom/ns")) ? "0.3" : "1.0";
      record_name_ = "entry";
    } else if (tag.name == Name::channel) {
      head_.format = tag.local == "CHANNEL" ? "cdf" : "rss";
      read_channel(tag);
      record_name_ = tag.local == "CHANNEL" ? "ITEM" : "item";
    } else {
      head_.format = tag.name == Name::rss ? "rss" : "rdf";
      head_.version = tag.name == Name::rss ? version : states_namespace("rdf/simple/0.9") ? "0.90" : "1.0";
      record_name_ = "item";
    }
    const Scope& scope = xml_.scope(tag.scope);
    head_.root_language = head_arena_.keep(scope.language);
    read_language(tag);
  }

  bool states_namespace(std::string_view part) const {
    const auto& all = xml_.tag().attributes;
    return std::any_of(all.begin(), all.end(), [&](const Attribute& a) {
      return (a.local == "xmlns" || a.prefix == "xmlns") && a.raw.find(part) != std::string_view::npos;
    });
  }

  void read_channel(const Node& tag) {
    const Reading r = reading(xml_.tag(), head_arena_);
    read_language(tag);
    if (const auto about = r.attribute(tag, "about"); !about.empty()) head_.common.id.offer(2, about);
    if (const auto href = r.url(tag, r.attribute(tag, "href")); !href.empty()) {
      add_link(head_.common, "alternate", head_arena_.keep(href));
      head_.common.link.offer(3, head_arena_.keep(href));
    }
    if (const auto modified = r.attribute(tag, "lastmod"); !modified.empty()) head_.common.updated.offer(2, r.date(modified));
  }

  void read_language(const Node& tag) {
    const Scope& scope = xml_.scope(tag.scope);
    if (scope.language_stated) head_.root_language = head_arena_.keep(scope.language);
  }

  void read_record() {
    const Node tag = xml_.tag().root();
    if (head_.format.empty()) {
      is_atom_ = tag.name == Name::entry;
      head_.format = is_atom_ ? "atom" : "rss";
    }
    const std::string_view name = tag.prefix.empty() ? tag.local : std::string_view(tag.prefix.data(), tag.prefix.size() + 1 + tag.local.size());
    record_name_ = name;
    const Tree& tree = xml_.read(name);
    if (xml_.is_truncated() && xml_.is_cut_inside()) {
      sink_.partial();
      sink_.warning("cut-entry", "the document ends in the middle of this entry, which is left out", xml_.line_of(tree.root().offset));
      return;
    }
    arena_.reset();
    const Reading r = reading(tree, arena_);
    tidings_entry entry = read_entry(r, Inherited{head_.common.language.value}, parts_, source_);
    tidings_feed source;
    if (parts_.has_source) {
      source = feed_of(source_, {});
      entry.source = &source;
    }
    emit(entry, tree);
  }

  void emit(tidings_entry& entry, const Tree& tree) {
    entry.line = xml_.line_of(tree.root().offset);
    sink_.entry(entry);
  }

  Reading reading(const Tree& tree, Arena& arena) { return Reading(xml_, tree, arena, is_atom_); }

  std::string what_it_is() const {
    const std::string_view text = text::trim(document_.text);
    if (text.empty()) return "the document is empty";
    if (text[0] == '{' || text[0] == '[') return "this is JSON, not an XML feed: plugin 'json' reads it";
    const std::string_view start = text.substr(0, 1024);
    if (start.find("<urlset") != std::string_view::npos || start.find("<sitemapindex") != std::string_view::npos) {
      return "this is a sitemap, not a feed";
    }
    if (start.find("<opml") != std::string_view::npos) return "this is an OPML list of feeds, not a feed";
    const std::string lower = text::ascii_lower(start);
    if (lower.find("<html") != std::string::npos || lower.find("<!doctype html") != std::string::npos) {
      return "this is an HTML page, not a feed";
    }
    return "there is no RSS, RDF, Atom or CDF in this document";
  }

  static constexpr std::size_t kMaxDepth = 150;

  const Decoded& document_;
  sdk::Sink& sink_;
  Xml xml_;
  Arena arena_;
  Arena head_arena_;
  Head head_;
  Head source_;
  EntryParts parts_;
  bool is_atom_ = false;
  std::string_view record_name_ = "item";
};

}  // namespace

int read_feed(const Decoded& document, const Retrieval& retrieval, sdk::Sink& sink) {
  return Reader(document, retrieval, sink).run();
}

}  // namespace tidings::feed
