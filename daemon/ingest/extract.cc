#include "ingest/extract.h"

#include <algorithm>
#include <utility>

#include "dedup/outlet.h"
#include "normalize/item.h"

namespace tidings::ingest {

Extraction::Extraction(const model::Source& source, const Seen& last, Time fetched, normalize::Options normalize_options,
                       dedup::Options dedup_options)
    : source_(source), last_(last), fetched_(fetched), normalize_options_(std::move(normalize_options)), dedup_options_(std::move(dedup_options)) {}

void Extraction::take(const model::Entry& entry) {
  const Seen::Entry shown{keys_of(entry), content_of(entry)};
  out_.seen.add(shown);
  if (last_.holds(shown)) return;
  Candidate candidate;
  candidate.item = normalize::normalize(source_, entry, fetched_, normalize_options_);
  candidate.key = key_of(shown.keys);
  candidate.listed = last_.lists(shown.keys);
  out_.candidates.push_back(std::move(candidate));
}

Extracted Extraction::finish(model::Document document) && {
  for (Candidate& candidate : out_.candidates) {
    normalize::inherit(candidate.item, source_, document.feed, normalize_options_);
    candidate.features = dedup::extract(candidate.item, dedup_options_);
    candidate.outlet = dedup::outlet_of(candidate.item, dedup_options_);
  }
  // Documents list the newest first; verdicts want them as they happened. Dates decide only where all have one.
  std::reverse(out_.candidates.begin(), out_.candidates.end());
  const auto dated = [](const Candidate& candidate) { return candidate.item.published.has_value(); };
  if (std::all_of(out_.candidates.begin(), out_.candidates.end(), dated)) {
    std::stable_sort(out_.candidates.begin(), out_.candidates.end(), [](const Candidate& a, const Candidate& b) {
      return *a.item.published < *b.item.published;
    });
  }
  out_.feed = std::move(document.feed);
  out_.warnings = std::move(document.warnings);
  out_.follow_ups = std::move(document.follow_ups);
  if (document.has_cursor) out_.cursor = std::move(document.cursor);
  out_.partial = document.partial;
  return std::move(out_);
}

}  // namespace tidings::ingest
