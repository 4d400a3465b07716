#include "ingest/stream_fields.h"

#include <string_view>

#include "base/text.h"
#include "model/item_json.h"

namespace tidings::ingest {
namespace {

void put(Fields& fields, std::string_view name, std::string_view value) {
  if (!value.empty()) fields.emplace_back(name, value);
}

}  // namespace

Fields stream_fields(const model::Item& item, const model::Verdict& verdict) {
  Fields fields;
  fields.reserve(15);
  put(fields, "id", item.id);
  put(fields, "rev", std::to_string(verdict.rev));
  put(fields, "verdict", model::name_of(verdict.kind));
  put(fields, "of", verdict.of);
  put(fields, "story", verdict.story);
  put(fields, "title", item.title);
  put(fields, "url", item.url);
  put(fields, "source", item.source_id);
  if (item.backfill) put(fields, "backfill", "true");
  put(fields, "lang", item.language);
  if (item.published) put(fields, "published", model::to_rfc3339(*item.published));
  put(fields, "first_seen", model::to_rfc3339(item.first_seen));
  if (verdict.simhash != 0) put(fields, "simhash", text::to_hex(verdict.simhash));
  put(fields, "data", json::serialize(model::to_json(item, verdict)));
  return fields;
}

Fields stream_fields(const SourceEvent& event) {
  Fields fields;
  put(fields, "event", event.kind);
  put(fields, "source", event.source_id);
  put(fields, "url", event.url);
  put(fields, "detail", event.detail);
  if (event.after) put(fields, "after", model::to_rfc3339(*event.after));
  if (event.before) put(fields, "before", model::to_rfc3339(*event.before));
  if (event.entries > 0) put(fields, "entries", std::to_string(event.entries));
  put(fields, "at", model::to_rfc3339(event.at));
  return fields;
}

Fields stream_fields(const dedup::StoryEvent& event) {
  Fields fields;
  put(fields, "event", dedup::name_of(event.kind));
  put(fields, "story", event.story);
  put(fields, "item", event.item);
  put(fields, "title", event.title);
  put(fields, "other", event.other);
  put(fields, "size", std::to_string(event.size));
  put(fields, "outlets", std::to_string(event.outlets));
  put(fields, "first_seen", model::to_rfc3339(event.first_seen));
  put(fields, "at", model::to_rfc3339(event.at));
  return fields;
}

}  // namespace tidings::ingest
