#pragma once
// The intake: from what a document holds that was not known to verdicts, and to the batch that they are committed in.

#include "base/metrics.h"
#include "ingest/extract.h"
#include "ingest/rooms.h"
#include "ingest/source.h"
#include "ingest/trip.h"
#include "store/records.h"

namespace tidings::ingest {

// Loop thread only. `source` and `trip` stay where they are until a task has completed.
class Intake {
 public:
  explicit Intake(Rooms rooms);

  // Gives verdicts and puts what follows from them into the trip's batch. False: the store cannot be asked, and the trip says so.
  Task<bool> take(Source& source, Trip& trip, Extracted extracted);
  // What all documents of the trip together say of the ones before: whether entries were missed, and what is known now.
  void note_seen(Source& source, Trip& trip);
  // Batches are handed over in the order of their verdicts. What is no fault of a stop is fatal to the daemon, which is told.
  Task<> commit(Source& source, store::Batch batch);

 private:
  Rooms rooms_;
  Counter& unchanged_;
  Counter& rekeyed_;
  Counter& fresh_;
  Counter& updates_;
  Counter& duplicates_;
  Counter& gaps_;
  Histogram& detect_delay_;
  Histogram& route_seconds_;
};

}  // namespace tidings::ingest
