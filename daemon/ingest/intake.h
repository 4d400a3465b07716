#pragma once
// The intake: from what a document holds that was not known to verdicts, and to the batch that they are committed in.

#include <optional>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "ingest/dedup_meters.h"
#include "ingest/extract.h"
#include "ingest/options.h"
#include "ingest/repeats.h"
#include "ingest/rooms.h"
#include "ingest/source.h"
#include "ingest/trip.h"
#include "schedule/gap.h"
#include "store/records.h"

namespace tidings::ingest {

// Loop thread only. `source` and `trip` stay where they are until a task has completed.
class Intake {
 public:
  Intake(Rooms rooms, Options options);

  // Gives verdicts and puts what follows from them into the trip's batch. False: the store cannot be asked, and the trip says
  // so. What is shown again gives one event of the source, whoever brings it, but on the first trip of a source.
  Task<bool> take(Source& source, Trip& trip, Extracted extracted);
  // Whether the trip's documents share nothing with what was known. Entries that the store knows from before the last
  // document are an overlap as well: some feeds are served from several machines that do not agree.
  static std::optional<schedule::Gap> gap_of(const Source& source, const Trip& trip);
  // What all documents of the trip together say of the ones before: whether entries were missed, and what is known now.
  void note_seen(Source& source, Trip& trip);
  // Commits the trip's batch and notes how soon its items came. Batches are handed over in the order of
  // their verdicts. What is no fault of a stop is fatal to the daemon, which is told.
  Task<> commit(Source& source, Trip& trip);
  // How long the trip's stages took, when it has ended.
  void note_stages(Source& source, const Trip& trip);

 private:
  // What the store knows of an entry.
  struct Found {
    std::optional<store::StoredItem> stored;
    std::string shown_as;  // the item that it was before its source gave it another id; empty: none
  };

  void note_feed(Source& source, Trip& trip, const Extracted& extracted);
  Task<Result<std::vector<Found>>> find(const Source& source, const Trip& trip, const std::vector<Candidate>& candidates);
  void decide(Source& source, Trip& trip, Candidate candidate, const Found& found, Time now, Repeated& repeated);
  bool is_old(const model::Item& item, Time first_seen, Time now) const;
  void count(Source& source, Trip& trip, const model::Item& item, const model::Verdict& verdict);
  void note_repeats(Source& source, Trip& trip, const Repeated& repeated, std::size_t entries, Time now);
  void note_freshness(Source& source, Trip& trip);

  Rooms rooms_;
  Options options_;
  DedupMeters meters_;
  Counter& unchanged_;
  Counter& rekeyed_;
  Counter& fresh_;
  Counter& updates_;
  Counter& duplicates_;
  Counter& backfill_;
  Counter& gaps_;
  Counter& gaps_closed_;
  Histogram& detect_delay_;
  Histogram& attainable_;
  Counter& late_;
  Histogram& fetch_seconds_;
  Histogram& parse_seconds_;
  Histogram& decide_seconds_;
  Histogram& commit_seconds_;
  Histogram& route_seconds_;
};

}  // namespace tidings::ingest
