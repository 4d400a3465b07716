#include "store/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "base/text.h"
#include "store/database.h"
#include "store/fields.h"
#include "store/purge.h"
#include "store/schema.h"
#include "store/stream_table.h"

namespace tidings::store {
namespace {

std::uint64_t to_ms(Time time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, std::chrono::duration_cast<Millis>(time.time_since_epoch()).count()));
}

void check_whole(Database& database) {
  auto& check = database.sql("PRAGMA quick_check(1)").with();
  check.step();
  const std::string said = check.text(0);
  check.reset();
  if (said != "ok") throw SqlFailure(Error(Errc::corrupt, "the store is corrupt: " + said));
}

std::string stored_id(Database& database) {
  auto& select = database.sql("SELECT value FROM meta WHERE key = 'store_id'").with();
  std::string id = select.step() ? select.text(0) : std::string();
  select.reset();
  if (id.empty()) {
    std::random_device random;
    const auto draw = [&random] { return std::uint64_t{random()} << 32 | random(); };
    id = text::to_hex(draw()) + text::to_hex(draw());
    database.sql("INSERT INTO meta VALUES ('store_id', ?)").with(id).run();
  }
  return id;
}

void put_items(Database& database, const Batch& batch, Time now) {
  auto& upsert = database.sql(
      "INSERT INTO items (id, source_id, rev, content_hash, first_seen, last_seen, story, verdict, of, memory, url_key, title, url,"
      " language, outlet, layer, distance, similarity, changed, written)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET source_id = excluded.source_id,"
      " rev = excluded.rev, content_hash = excluded.content_hash, last_seen = excluded.last_seen, story = excluded.story,"
      " verdict = excluded.verdict, of = excluded.of, memory = excluded.memory, url_key = excluded.url_key, title = excluded.title,"
      " url = excluded.url, language = excluded.language, outlet = excluded.outlet, layer = excluded.layer,"
      " distance = excluded.distance, similarity = excluded.similarity, changed = excluded.changed, written = excluded.written");
  for (const auto& item : batch.items) {
    const ItemNotes& notes = item.notes;
    upsert
        .with(item.id, item.source_id, item.rev, item.content_hash, item.first_seen, now, item.story, item.verdict, item.of,
              Blob{item.memory}, item.url_key, notes.title, notes.url, notes.language, notes.outlet, notes.layer, notes.distance,
              notes.similarity, notes.changed, now)
        .run();
  }
  auto& merge = database.sql("UPDATE items SET story = ? WHERE story = ?");
  for (const auto& merged : batch.merges) merge.with(merged.into, merged.story).run();
  auto& seen = database.sql("UPDATE items SET last_seen = ? WHERE id = ?");
  for (const auto& id : batch.seen_again) seen.with(now, id).run();
}

Committed put_outbox(Database& database, StreamTable& streams, const Batch& batch, Time now) {
  Committed committed;
  committed.rows.reserve(batch.outbox.size());
  auto& insert = database.sql(
      "INSERT INTO outbox (stream, ms, seq, n, bytes, key, fields, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& entry : batch.outbox) {
    auto& stream = streams.at(entry.stream);
    auto& last = stream.state.last;
    const std::string fields = encode_fields(entry.fields);
    last.id = next_id(std::max(last.id, stream.state.floor), to_ms(now));
    last.n += 1;
    last.bytes += entry.key.size() + fields.size();
    stream.changed = true;
    insert
        .with(stream.id, last.id.ms, last.id.seq, last.n, last.bytes, entry.key, Blob{fields},
              checksum(entry.stream, last.id, last.n, entry.key, fields))
        .run();
    committed.rows.push_back(last);
  }
  return committed;
}

void put_deliveries(Database& database, const Batch& batch, Time now) {
  for (const auto& delivery : batch.deliveries) {
    if (delivery.id == 0) {
      database
          .sql("INSERT INTO deliveries (hook_id, alert_id, payload, attempts, next_at, state, last_error, created)"
               " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
          .with(delivery.hook_id, delivery.alert_id, delivery.payload, delivery.attempts, delivery.next_at, delivery.state,
                delivery.last_error, now)
          .run();
    } else {
      database.sql("UPDATE deliveries SET attempts = ?, next_at = ?, state = ?, last_error = ? WHERE id = ?")
          .with(delivery.attempts, delivery.next_at, delivery.state, delivery.last_error, delivery.id)
          .run();
    }
  }
}

void put_state(Database& database, const SourceState& s) {
  database.sql("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .with(s.id, s.etag, s.last_modified, s.body_hash, Blob{s.cursor}, Blob{s.schedule}, Blob{s.seen}, s.title, s.url, s.why,
            s.last_poll, s.last_success, s.next_poll, s.last_status, s.last_error, s.polls, s.not_modified, s.failures,
            s.items, s.updates, s.duplicates, s.bytes, s.url_hash, Blob{s.repeats}, Blob{s.figures})
      .run();
}

void put_channels(Database& database, const Batch& batch) {
  for (const auto& channel : batch.channels) {
    if (channel.state.empty()) {
      database.sql("DELETE FROM channels WHERE source_id = ?").with(channel.source_id).run();
    } else {
      database.sql("INSERT OR REPLACE INTO channels VALUES (?, ?)").with(channel.source_id, Blob{channel.state}).run();
    }
  }
}

void rebase(Database& database, StreamTable& streams, const Rebase& wanted, Time now) {
  auto& stream = streams.at(wanted.stream);
  stream.state.floor = std::max(stream.state.floor, wanted.floor);
  stream.changed = true;
  std::vector<std::int64_t> rows;
  auto& list = database.sql("SELECT row FROM outbox WHERE stream = ? AND (ms, seq) > (?, ?) ORDER BY ms, seq");
  list.with(stream.id, wanted.after.ms, wanted.after.seq);
  while (list.step()) rows.push_back(list.integer(0));
  list.reset();

  auto& select = database.sql("SELECT ms, seq, n, key, fields, checksum FROM outbox WHERE row = ?");
  auto& update = database.sql("UPDATE outbox SET ms = ?, seq = ?, checksum = ? WHERE row = ?");
  for (const auto row : rows) {
    select.with(row).step();
    const StreamId old{select.number(0), select.number(1)};
    const bool intact = checksum(wanted.stream, old, select.number(2), select.bytes(3), select.bytes(4)) == select.number(5);
    const StreamId id = next_id(std::max(stream.state.last.id, stream.state.floor), to_ms(now));
    const auto sum = checksum(wanted.stream, id, select.number(2), select.bytes(3), select.bytes(4));
    select.reset();
    stream.state.last.id = id;
    // A row that was damaged before stays recognisable as such.
    update.with(id.ms, id.seq, intact ? sum : ~sum, row).run();
  }
}

}  // namespace

Writer::Writer(std::unique_ptr<Database> database, const Options& options, std::function<Time()> clock)
    : database_(std::move(database)), options_(options), clock_(std::move(clock)) {}

Writer::~Writer() = default;

Result<std::unique_ptr<Writer>> Writer::open(const Options& options, std::function<Time()> clock) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(options.path, ignored);
  auto database = Database::open(options.path, Database::Mode::read_write);
  if (!database) return database.error();
  std::unique_ptr<Writer> writer(new Writer(std::move(*database), options, std::move(clock)));
  auto prepared = guarded([&] {
    prepare_schema(*writer->database_);
    if (!ignored && size <= options.check_max_bytes) check_whole(*writer->database_);
    writer->store_id_ = stored_id(*writer->database_);
  });
  if (!prepared) return prepared.error();
  return writer;
}

Result<Written> Writer::write(const Write& write) {
  return guarded([&] {
    Transaction transaction(*database_);
    const Time now = clock_();
    StreamTable streams(*database_);
    Written written;
    for (const auto& state : write.states) put_state(*database_, state);
    for (const auto& batch : write.batches) {
      put_items(*database_, batch, now);
      written.committed.push_back(put_outbox(*database_, streams, batch, now));
      put_deliveries(*database_, batch, now);
      if (batch.state) put_state(*database_, *batch.state);
      put_channels(*database_, batch);
    }
    for (const auto& [name, position] : write.published) {
      auto& stream = streams.at(name);
      stream.state.published = position;
      stream.changed = true;
    }
    for (const auto& [name, epoch] : write.epochs) {
      auto& stream = streams.at(name);
      stream.state.epoch = epoch;
      stream.changed = true;
    }
    for (const auto& wanted : write.rebases) rebase(*database_, streams, wanted, now);
    if (write.purge) written.more_to_purge = purge(*database_, streams, options_, now);
    streams.save();
    transaction.commit();
    written.wal_pages = database_->wal_pages();
    for (auto& row : streams.rows()) {
      if (row.changed) written.streams.push_back(std::move(row.state));
    }
    return written;
  });
}

Result<void> Writer::checkpoint() {
  return guarded([&] { database_->checkpoint(); });
}

Result<std::vector<StreamState>> Writer::streams() {
  return guarded([&] {
    std::vector<StreamState> states;
    StreamTable table(*database_);
    for (auto& row : table.rows()) states.push_back(std::move(row.state));
    return states;
  });
}

Result<void> Writer::rename_store(const std::string& id) {
  auto renamed = guarded([&] { database_->sql("UPDATE meta SET value = ? WHERE key = 'store_id'").with(id).run(); });
  if (renamed) store_id_ = id;
  return renamed;
}

}  // namespace tidings::store
