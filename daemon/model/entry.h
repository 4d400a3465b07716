#pragma once
// What a plugin emits: a Feed (the document) and its Entries, as the document says them, not yet normalised.
// Mirrors the structs of plugins/include/tidings/plugin.h, owned. An empty string means: not stated.

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace tidings::model {

// Text with what is needed to read it: `type` is "text", "html" or "xhtml" (markup), or a MIME type of
// content that is neither.
struct Text {
  std::string value;
  std::string type = "text";
  std::string base;      // base URL for relative references in it
  std::string language;  // xml:lang in force
  std::string src;       // the content is elsewhere
};

struct Person {
  std::string name;
  std::string email;
  std::string uri;
};

struct Category {
  std::string term;
  std::string scheme;
  std::string label;
};

struct Link {
  std::string rel;
  std::string type;
  std::string href;  // absolute
  std::string title;
  std::string hreflang;
  std::string length;  // as stated: it need not be a number
};

// Media RSS content, an enclosure or a thumbnail; unknown numbers are -1.
struct Media {
  std::string url;
  std::string type;
  std::string medium;
  std::string title;
  std::string description;
  std::string credit;
  std::string language;
  std::int64_t width = -1;
  std::int64_t height = -1;
  std::int64_t length = -1;  // bytes
  double duration = -1;      // seconds
};

struct Image {
  std::string url;
  std::string title;
  std::string link;
  std::int64_t width = -1;
  std::int64_t height = -1;
};

// A date as the document has it, and as it was understood, if it was.
struct Date {
  std::string raw;
  OptionalTime time;
};

struct Feed {
  std::string format;    // rss, atom, rdf, cdf, json, ...
  std::string version;   // as "2.0"; empty where the format has none
  std::string encoding;  // the encoding that the bytes were read in
  Text title;
  Text subtitle;
  Text rights;
  std::string link;
  std::string id;
  std::string language;
  std::string generator;
  std::string icon;
  std::string logo;
  std::string new_url;  // where the feed says it has moved to
  std::string self;
  std::vector<std::string> hubs;
  std::string cloud;  // rssCloud: the URL to register at by POST
  std::string next_archive;  // RFC 5005: the previous (older) page
  Date published;
  Date updated;
  Image image;
  std::vector<Person> authors;
  std::vector<Person> contributors;
  std::vector<Category> categories;
  std::vector<Link> links;
  std::int64_t ttl_minutes = -1;
  std::uint32_t skip_hours = 0;  // bit h set: do not poll in hour h UTC
  std::uint8_t skip_days = 0;    // bit 0 Monday ... bit 6 Sunday
  double update_period_seconds = -1;  // sy:updatePeriod / sy:updateFrequency
  std::string extra;                  // JSON object of what has no field here
};

struct Entry {
  std::string id;  // guid, atom:id, JSON Feed id
  bool id_is_permalink = false;
  Text title;
  Text summary;
  std::vector<Text> content;
  Text rights;
  std::string link;
  std::string external_url;
  std::string comments;
  std::string language;
  Date published;
  Date updated;
  Date expires;
  bool deleted = false;  // a tombstone (RFC 6721) or a retraction stated by the source
  std::vector<Person> authors;
  std::vector<Person> contributors;
  std::vector<Category> categories;
  std::vector<Link> links;
  std::vector<Media> enclosures;
  std::vector<Media> media;
  std::vector<Media> thumbnails;
  Image image;
  std::vector<Feed> source;  // the feed that it was taken from: none or one
  double latitude = 0;
  double longitude = 0;
  bool has_position = false;
  std::uint32_t line = 0;  // where it begins in the document, 0: unknown
  std::string extra;       // JSON object of what has no field here
};

// What was noticed or repaired on the way, as a feed validator says it.
struct Warning {
  enum class Severity { note, warning, error };
  Severity severity = Severity::warning;
  std::uint32_t line = 0;
  std::string code;     // short-with-hyphens, stable
  std::string message;  // one plain sentence
};

// A request that a plugin asks the host to make.
struct PluginRequest {
  std::string url;
  std::string method = "GET";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string tag;
};

// All that one document came to.
struct Document {
  Feed feed;
  std::vector<Entry> entries;
  std::vector<Warning> warnings;
  std::vector<PluginRequest> follow_ups;
  std::string cursor;
  bool has_cursor = false;
  bool partial = false;  // the document was cut short or a bound was reached: what is absent is not gone
};

}  // namespace tidings::model
