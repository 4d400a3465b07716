#pragma once
// An item as a stream entry: flat fields that consumers filter on, and `data`, the whole item as JSON. Pure.

#include <string>
#include <utility>
#include <vector>

#include "dedup/deduplicator.h"
#include "model/item.h"

namespace tidings::ingest {

using Fields = std::vector<std::pair<std::string, std::string>>;

// What is unknown is left out.
Fields stream_fields(const model::Item& item, const model::Verdict& verdict);

// What happened to a source, for the stream `sources`: kind is one that
// config/schema/source_event.schema.json lists.
struct SourceEvent {
  std::string kind;
  std::string source_id;
  std::string url;
  std::string detail;  // one plain sentence
  Time at;
  std::size_t entries = 0;  // of which it tells, where it counts any
  // Of a gap: the latest date that was known and the earliest that is there now, where there are dates.
  OptionalTime after = std::nullopt;
  OptionalTime before = std::nullopt;
};
Fields stream_fields(const SourceEvent& event);

// What happened to a story, for the stream `stories`.
Fields stream_fields(const dedup::StoryEvent& event);

}  // namespace tidings::ingest
