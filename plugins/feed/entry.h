#pragma once
// Reads an item of RSS, RDF or CDF, an entry of Atom, or a tombstone.

#include "feed/common.h"

namespace tidings::feed {

struct Head;

// What an entry has beyond Common, and the ABI struct that is filled from both. One is used for all entries in turn.
struct EntryParts {
  Common common;
  std::vector<tidings_text> content;
  std::vector<tidings_media> enclosures;
  std::string_view comments;
  std::string_view guid_link;  // a guid that serves as a link
  bool id_is_permalink = false;
  bool has_source = false;
  bool has_position = false;
  double latitude = 0;
  double longitude = 0;

  void clear();
};

// What the feed says that holds for its entries where they say nothing themselves.
struct Inherited {
  std::string_view language;
};

// Fills `parts` and returns the entry that points into it and into the arena of `r`. `source` is where an entry's own
// source element goes: the entry may point to it.
tidings_entry read_entry(const Reading& r, const Inherited& inherited, EntryParts& parts, Head& source);

// RFC 6721: a deleted entry.
tidings_entry read_tombstone(const Reading& r);

// geo.cc: GeoRSS, GML, W3C geo.
bool read_position(const Reading& r, const Node& n, EntryParts& to);

}  // namespace tidings::feed
