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

// Takes a document apart while it is read, so that it is never held as a whole. Entries that the last document held with the
// same content are passed over.
class Extraction {
 public:
  // All but `source` and `last` are copied; those two outlive it.
  Extraction(const model::Source& source, const Seen& last, Time fetched, normalize::Options normalize_options,
             dedup::Options dedup_options);

  // The entries in the order of the document.
  void take(const model::Entry& entry);
  // What else the document came to, once it is read; its entries are not looked at.
  Extracted finish(model::Document document) &&;

 private:
  const model::Source& source_;
  const Seen& last_;
  Time fetched_;
  normalize::Options normalize_options_;
  dedup::Options dedup_options_;
  Extracted out_;
};

}  // namespace tidings::ingest
