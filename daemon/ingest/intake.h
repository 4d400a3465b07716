#pragma once
// The intake: from what a document holds that was not known to verdicts, and to the batch that they are committed in.

#include <optional>

#include "base/metrics.h"
#include "ingest/extract.h"
#include "ingest/options.h"
#include "ingest/rooms.h"
#include "ingest/source.h"
#include "ingest/trip.h"
#include "schedule/gap.h"
#include "store/records.h"

namespace tidings::ingest {

// Loop thread only. `source` and `trip` stay where they are until a task has completed.
class Intake {
 public:
  Intake(Rooms rooms, const Options& options);

  // Gives verdicts and puts what follows from them into the trip's batch. False: the store cannot be asked, and the trip says so.
  Task<bool> take(Source& source, Trip& trip, Extracted extracted);
  // Whether the trip's documents share nothing with what was known. Entries that the store knows from before the last
  // document are an overlap as well: some feeds are served from several machines that do not agree.
  static std::optional<schedule::Gap> gap_of(const Source& source, const Trip& trip);
  // What all documents of the trip together say of the ones before: whether entries were missed, and what is known now.
  void note_seen(Source& source, Trip& trip);
  // Commits the trip's batch and notes how soon its items came. Batches are handed over in the order of their verdicts. What is no fault of a stop is fatal to the daemon, which is told.
  Task<> commit(Source& source, Trip& trip);
  // How long the trip's stages took, when it has ended.
  void note_stages(Source& source, const Trip& trip);

 private:
  void note_freshness(Source& source, Trip& trip);

  Rooms rooms_;
  double late_after_;  // seconds
  Counter& unchanged_;
  Counter& rekeyed_;
  Counter& fresh_;
  Counter& updates_;
  Counter& duplicates_;
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
