#pragma once
// What one poll, or one push, gathers on its way from the document to the commit.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dedup/deduplicator.h"
#include "ingest/seen.h"
#include "ingest/turn.h"
#include "model/entry.h"
#include "push/discovery.h"
#include "push/taken.h"
#include "schedule/source_schedule.h"
#include "store/records.h"

namespace tidings::ingest {

struct Trip {
  Time started = system_now();
  Time allowed_from;        // when the origin's wishes allowed it to begin
  double fetch = 0, parse = 0, decide = 0, commit = 0;  // seconds that its stages took
  std::vector<Time> fresh;  // stated dates of new items in the batch
  schedule::Poll poll;      // what the schedule learns
  store::Batch batch;       // what is not committed yet
  std::string trouble;      // why the poll failed, empty: it did not
  std::vector<model::PluginRequest> requests;
  bool conditional = false;  // the request went with validators
  bool read_any = false;     // there was a document to read
  bool partial = false;      // some of it was cut short
  bool delta = false;        // it holds what is new alone
  bool overlaps = false;     // something that the store knows stands in its documents
  bool paging = false;       // it reads older pages, to close a gap
  std::string older;         // where the document says that older entries are (RFC 5005)
  std::string url;           // of the document that was read last
  std::vector<std::string> links;  // its Link fields
  std::optional<push::Hints> hints;  // who tells of changes, by the first document
  push::Taken keys;          // of the entries of all of them
  std::optional<Error> uncommitted;  // why the last batch was not stored
  Turn* turn = nullptr;
  Seen seen;                 // the entries of all its documents
  std::map<std::string, dedup::Known, std::less<>> taken;  // items that the batch holds already
};

inline double seconds_since(Time time) { return std::max(0.0, std::chrono::duration<double>(system_now() - time).count()); }

}  // namespace tidings::ingest
