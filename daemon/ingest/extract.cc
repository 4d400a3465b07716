#include "ingest/extract.h"

#include <algorithm>
#include <utility>

#include "dedup/outlet.h"
#include "normalize/item.h"

namespace tidings::ingest {

Extracted extract(model::Document document, const model::Source& source, const Seen& last, Time fetched,
                  const normalize::Options& normalize_options, const dedup::Options& dedup_options) {
  Extracted out;
  for (const auto& entry : document.entries) {
    const Seen::Entry shown{keys_of(entry), content_of(entry)};
    out.seen.add(shown);
    if (last.holds(shown)) continue;
    Candidate candidate;
    candidate.item = normalize::normalize(source, document.feed, entry, fetched, normalize_options);
    candidate.key = key_of(shown.keys);
    candidate.features = dedup::extract(candidate.item, dedup_options);
    candidate.listed = last.lists(shown.keys);
    candidate.outlet = dedup::outlet_of(candidate.item, dedup_options);
    out.candidates.push_back(std::move(candidate));
  }
  // Documents list the newest first; verdicts want them as they happened. Dates decide only where all have one.
  std::reverse(out.candidates.begin(), out.candidates.end());
  const auto dated = [](const Candidate& candidate) { return candidate.item.published.has_value(); };
  if (std::all_of(out.candidates.begin(), out.candidates.end(), dated)) {
    std::stable_sort(out.candidates.begin(), out.candidates.end(), [](const Candidate& a, const Candidate& b) {
      return *a.item.published < *b.item.published;
    });
  }
  out.feed = std::move(document.feed);
  out.warnings = std::move(document.warnings);
  out.follow_ups = std::move(document.follow_ups);
  if (document.has_cursor) out.cursor = std::move(document.cursor);
  out.partial = document.partial;
  return out;
}

}  // namespace tidings::ingest
