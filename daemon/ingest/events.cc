#include "ingest/events.h"

#include <algorithm>
#include <utility>

namespace tidings::ingest {

Result<model::Document> read_events(plugin::Instance& instance, const std::vector<plugin::Event>& events) {
  model::Document all;
  std::size_t read = 0;
  std::string stated;
  Error last;
  for (const auto& event : events) {
    auto document = instance.on_event(event);
    if (!document) {
      last = document.error();
      all.warnings.push_back({model::Warning::Severity::error, 0, "event", last.message()});
      continue;
    }
    ++read;
    if (document->has_cursor) stated = document->cursor;
    std::move(document->entries.begin(), document->entries.end(), std::back_inserter(all.entries));
    std::move(document->warnings.begin(), document->warnings.end(), std::back_inserter(all.warnings));
    all.partial = all.partial || document->partial;
    all.feed = std::move(document->feed);
  }
  if (read == 0 && !events.empty()) return last;
  if (!stated.empty()) {
    all.cursor = stated;
  } else if (!events.empty() && !events.back().id.empty()) {
    all.cursor = events.back().id;
  } else if (!all.entries.empty()) {
    all.cursor = all.entries.back().id;
  }
  all.has_cursor = !all.cursor.empty();
  std::reverse(all.entries.begin(), all.entries.end());
  return all;
}

}  // namespace tidings::ingest
