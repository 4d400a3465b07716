#pragma once
// The item and its verdict as JSON, by config/schema/item.schema.json, and back.

#include "base/json.h"
#include "base/result.h"
#include "model/item.h"

namespace tidings::model {

json::object to_json(const Item& item, const Verdict& verdict);

struct ItemRecord {
  Item item;
  Verdict verdict;
};
// Unknown members are passed over; the error names the member that does not fit.
Result<ItemRecord> item_from_json(const json::object& object);

// RFC 3339 in UTC with microseconds: 2026-11-24T13:30:00.000000Z.
std::string to_rfc3339(Time time);
// The same as a JSON string; null where it is not known.
json::value to_json(const OptionalTime& time);
// Reads what to_rfc3339 writes, with any number of fraction digits and a numeric zone.
OptionalTime from_rfc3339(std::string_view text);

}  // namespace tidings::model
