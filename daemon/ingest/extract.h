#pragma once
// The worker's part of the route: a document's entries to items with their fingerprints. Pure; runs on a worker.

#include <optional>
#include <string>
#include <vector>

#include "dedup/features.h"
#include "dedup/options.h"
#include "ingest/seen.h"
#include "model/entry.h"
#include "model/item.h"
#include "model/source.h"
#include "normalize/options.h"

namespace tidings::ingest {

// One number for the entry that has these keys.
inline std::uint64_t key_of(const schedule::EntryKeys& keys) { return keys.guid != 0 ? keys.guid : keys.url; }

struct Candidate {
  model::Item item;
  dedup::Features features;
  std::string outlet;  // whom it counts for
  std::uint64_t key = 0;  // by what its entry is known again
  bool listed = false;  // the last document had it too, but for a part of it
};

struct Extracted {
  model::Feed feed;
  std::vector<model::Warning> warnings;
  std::vector<model::PluginRequest> follow_ups;
  std::optional<std::string> cursor;
  bool partial = false;
  Seen seen;                          // all entries of the document
  std::vector<Candidate> candidates;  // those that the last document did not hold so, oldest first
};

// Takes the document apart. Entries that `last` holds with the same content are passed over.
Extracted extract(model::Document document, const model::Source& source, const Seen& last, Time fetched,
                  const normalize::Options& normalize_options, const dedup::Options& dedup_options);

}  // namespace tidings::ingest
