#pragma once
// The item: the normalised unit that is published. Written to the stream as config/schema/item.schema.json says.

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/entry.h"

namespace tidings::model {

enum class VerdictKind : std::uint8_t { fresh, update, duplicate };  // fresh is written "new"
std::string_view name_of(VerdictKind kind);

struct Item {
  std::string id;         // urn:tidings:item:<32 hex>, of the source id and the identity
  std::string source_id;
  std::string source_name;
  std::string feed_url;
  std::string guid;       // as stated
  std::string identity;   // what the id was made from: "guid:...", "url:...", "text:..."
  std::string url;        // the link as stated, absolute
  std::string canonical_url;
  std::string external_url;
  std::string comments_url;

  std::string title;      // plain text, NFC
  std::string summary;    // plain text
  std::string body_text;
  std::string body_html;  // sanitised
  bool truncated = false;

  std::string language;         // BCP 47, empty: unknown
  std::string language_method;  // "entry", "feed", "source", "detected"

  std::string published_raw;
  std::string updated_raw;
  OptionalTime published;  // only if stated
  OptionalTime updated;
  bool date_in_future = false;  // published is later than fetched by more than a day
  Time fetched;
  Time first_seen;

  std::vector<Person> authors;
  std::vector<Category> categories;
  std::vector<std::string> tags;
  std::vector<Media> enclosures;
  std::string image_url;
  std::string rights;
  std::string country;
  std::string owner;
  bool deleted = false;
  bool backfill = false;  // old when it was first seen: an archive's, no news
};

// What dedup says of an item.
struct Verdict {
  VerdictKind kind = VerdictKind::fresh;
  std::uint32_t rev = 1;     // of this item, 1 when it is first seen
  std::string of;            // update, duplicate: the item it is one of
  std::string story;         // urn:tidings:story:<hex>, id of the story
  std::uint32_t story_size = 1;
  std::uint32_t story_outlets = 1;  // independent ones
  std::string layer;         // which layer decided: guid, url, text, simhash, marker, story, none
  int distance = -1;         // Hamming distance to `of`, -1: not compared
  double similarity = -1;    // of the sketches
  std::string changed;       // update: what changed, in words
  std::uint64_t simhash = 0;
};

}  // namespace tidings::model
