#include "schedule/gap.h"

#include <algorithm>
#include <unordered_set>

namespace tidings::schedule {

std::optional<Gap> find_gap(std::span<const EntryKeys> previous, std::span<const EntryKeys> present, bool partial) {
  if (previous.empty() || present.empty() || partial) return std::nullopt;
  Gap gap;
  std::unordered_set<std::uint64_t> known;
  for (const EntryKeys& entry : previous) {
    known.insert(entry.guid);
    known.insert(entry.url);
    if (entry.published && (!gap.after || *gap.after < *entry.published)) gap.after = entry.published;
  }
  known.erase(0);
  for (const EntryKeys& entry : present) {
    if (known.contains(entry.guid) || known.contains(entry.url)) return std::nullopt;
    if (entry.published && (!gap.before || *entry.published < *gap.before)) gap.before = entry.published;
  }
  if (gap.after && gap.before && *gap.before <= *gap.after) return std::nullopt;
  return gap;
}

}  // namespace tidings::schedule
