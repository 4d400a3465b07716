#pragma once
// What recognising stories costs and comes to, as metrics.

#include "base/metrics.h"
#include "dedup/deduplicator.h"

namespace tidings::ingest {

// Loop thread only. Both outlive it.
class DedupMeters {
 public:
  DedupMeters(Metrics& metrics, const dedup::Deduplicator& dedup);

  // After each verdict.
  void decided(const model::Verdict& verdict);

 private:
  Metrics& metrics_;
  const dedup::Deduplicator& dedup_;
  dedup::Tally last_;
  Histogram& candidates_;
  Histogram& verifications_;
};

}  // namespace tidings::ingest
