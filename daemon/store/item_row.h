#pragma once
// An item as its row in the table items has it.

#include "store/database.h"
#include "store/records.h"

namespace tidings::store {

// Of a row that begins as the table does: row, id, source_id, rev, content_hash, first_seen, last_seen, story, verdict, of,
// memory. The table only grows at its end (schema.cc).
inline StoredItem item_of(const Statement& row) {
  StoredItem item;
  item.id = row.bytes(1);
  item.source_id = row.bytes(2);
  item.rev = static_cast<std::uint32_t>(row.integer(3));
  item.content_hash = row.number(4);
  item.first_seen = row.time(5);
  item.story = row.bytes(7);
  item.verdict = static_cast<model::VerdictKind>(row.integer(8));
  item.of = row.bytes(9);
  item.memory = row.bytes(10);
  return item;
}

}  // namespace tidings::store
