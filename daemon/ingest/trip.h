#pragma once
// What one poll, or one push, gathers on its way from the document to the commit.

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "dedup/deduplicator.h"
#include "ingest/seen.h"
#include "model/entry.h"
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
  Seen seen;                 // the entries of all its documents
  std::map<std::string, dedup::Known, std::less<>> taken;  // items that the batch holds already
};

inline double seconds_since(Time time) { return std::max(0.0, std::chrono::duration<double>(system_now() - time).count()); }

}  // namespace tidings::ingest
