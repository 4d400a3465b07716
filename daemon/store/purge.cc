#include "store/purge.h"

#include <algorithm>

#include "store/database.h"

namespace tidings::store {
namespace {

// So that a commit never waits long behind a purge.
constexpr std::int64_t kRowsAtOnce = 2000;

std::uint64_t kept_bytes(StreamTable& streams) {
  std::uint64_t bytes = 0;
  for (const auto& row : streams.rows()) bytes += row.state.last.bytes - row.state.purged.bytes;
  return bytes;
}

bool purge_outbox(Database& database, StreamTable::Row& stream, std::uint64_t excess, const Options& options, Time now) {
  auto& state = stream.state;
  const auto old_ms = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<Millis>(now.time_since_epoch() - options.outbox_retention).count()));
  const std::uint64_t bytes_to_go = state.purged.bytes + excess;
  Position upto = state.purged;
  std::int64_t looked_at = 0;
  auto& select = database.sql("SELECT ms, seq, n, bytes FROM outbox WHERE stream = ? ORDER BY ms, seq LIMIT ?");
  select.with(stream.id, kRowsAtOnce);
  while (select.step()) {
    const Position row{{select.number(0), select.number(1)}, select.number(2), select.number(3)};
    const bool past_retention = row.id.ms < old_ms && row.n + options.outbox_min_rows <= state.last.n;
    if (row.id > state.published.id || !(past_retention || upto.bytes < bytes_to_go)) break;
    upto = row;
    ++looked_at;
  }
  select.reset();
  if (upto == state.purged) return false;
  database.sql("DELETE FROM outbox WHERE stream = ? AND (ms, seq) <= (?, ?)").with(stream.id, upto.id.ms, upto.id.seq).run();
  state.purged = upto;
  stream.changed = true;
  return looked_at == kRowsAtOnce;
}

}  // namespace

bool purge(Database& database, StreamTable& streams, const Options& options, Time now) {
  bool more = false;
  for (auto& stream : streams.rows()) {
    const std::uint64_t kept = kept_bytes(streams);
    const std::uint64_t excess = kept > options.outbox_kept_bytes ? kept - options.outbox_kept_bytes : 0;
    more |= purge_outbox(database, stream, excess, options, now);
  }
  auto& items = database.sql("DELETE FROM items WHERE row IN (SELECT row FROM items WHERE last_seen < ? LIMIT ?) RETURNING 1");
  std::int64_t dropped = 0;
  items.with(now - options.item_retention, kRowsAtOnce);
  while (items.step()) ++dropped;
  items.reset();
  database.sql("DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE state != 0 AND created < ? LIMIT ?)")
      .with(now - options.delivery_retention, kRowsAtOnce)
      .run();
  return more || dropped == kRowsAtOnce;
}

}  // namespace tidings::store
