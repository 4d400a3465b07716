#include "store/stream_table.h"

#include "store/database.h"

namespace tidings::store {
namespace {

Position position(const Statement& row, int column) {
  return {{row.number(column), row.number(column + 1)}, row.number(column + 2), row.number(column + 3)};
}

}  // namespace

StreamTable::StreamTable(Database& database) : database_(database) {
  auto& select = database_.sql(
      "SELECT id, name, last_ms, last_seq, last_n, last_bytes, published_ms, published_seq, published_n, published_bytes,"
      " purged_ms, purged_seq, purged_n, purged_bytes, floor_ms, floor_seq, epoch FROM streams ORDER BY id");
  select.with();
  while (select.step()) {
    Row& row = rows_.emplace_back();
    row.id = select.integer(0);
    row.state = {select.text(1), position(select, 2), position(select, 6), position(select, 10),
                 {select.number(14), select.number(15)}, select.number(16)};
  }
  select.reset();
}

StreamTable::Row& StreamTable::at(std::string_view name) {
  for (auto& row : rows_) {
    if (row.state.name == name) return row;
  }
  database_
      .sql("INSERT INTO streams VALUES (NULL, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)")
      .with(name)
      .run();
  Row& row = rows_.emplace_back();
  row.id = database_.last_row();
  row.state.name = name;
  return row;
}

void StreamTable::save() {
  auto& update = database_.sql(
      "UPDATE streams SET last_ms = ?, last_seq = ?, last_n = ?, last_bytes = ?, published_ms = ?, published_seq = ?,"
      " published_n = ?, published_bytes = ?, purged_ms = ?, purged_seq = ?, purged_n = ?, purged_bytes = ?,"
      " floor_ms = ?, floor_seq = ?, epoch = ? WHERE id = ?");
  for (const auto& [id, s, changed] : rows_) {
    if (!changed) continue;
    update
        .with(s.last.id.ms, s.last.id.seq, s.last.n, s.last.bytes, s.published.id.ms, s.published.id.seq, s.published.n,
              s.published.bytes, s.purged.id.ms, s.purged.id.seq, s.purged.n, s.purged.bytes, s.floor.ms, s.floor.seq, s.epoch, id)
        .run();
  }
}

}  // namespace tidings::store
