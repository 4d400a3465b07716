#include "ingest/dedup_meters.h"

#include <fmt/format.h>

namespace tidings::ingest {
namespace {

std::vector<double> count_bounds() { return {0, 1, 2, 5, 10, 25, 50, 100, 250, 1000}; }

}  // namespace

DedupMeters::DedupMeters(Metrics& metrics, const dedup::Deduplicator& dedup)
    : metrics_(metrics),
      dedup_(dedup),
      candidates_(metrics.histogram("tidings_dedup_candidates", "Items within the SimHash distance of an item", {}, count_bounds())),
      verifications_(metrics.histogram("tidings_dedup_verifications", "Items that an item was compared with by sketch and figures", {}, count_bounds())) {
  metrics.observe("tidings_dedup_window_items", "Items that copies are looked for among", [&dedup] { return static_cast<double>(dedup.window_items()); });
  metrics.observe("tidings_dedup_window_bytes", "Memory of the window and the stories", [&dedup] { return static_cast<double>(dedup.bytes()); });
  metrics.observe("tidings_stories_live", "Stories that take in items", [&dedup] { return static_cast<double>(dedup.stories()); });
}

void DedupMeters::decided(const model::Verdict& verdict) {
  const dedup::Tally now = dedup_.tally();
  candidates_.observe(static_cast<double>(now.candidates - last_.candidates));
  verifications_.observe(static_cast<double>(now.verifications - last_.verifications));
  last_ = now;
  metrics_.counter("tidings_verdicts_total", "Verdicts by the layer that decided",
                   fmt::format("layer=\"{}\",verdict=\"{}\"", verdict.layer, model::name_of(verdict.kind))).add();
}

}  // namespace tidings::ingest
