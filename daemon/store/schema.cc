#include "store/schema.h"

#include <fmt/format.h>

#include <iterator>

#include "store/database.h"

namespace tidings::store {
namespace {

constexpr const char* kSteps[] = {
    // 1
    R"(
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sources (
  id TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, body_hash INTEGER, cursor BLOB, schedule BLOB, seen BLOB,
  title TEXT, url TEXT, why TEXT, last_poll INTEGER, last_success INTEGER, next_poll INTEGER, last_status INTEGER,
  last_error TEXT, polls INTEGER, not_modified INTEGER, failures INTEGER, items INTEGER, updates INTEGER,
  duplicates INTEGER, bytes INTEGER);

CREATE TABLE items (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source_id TEXT NOT NULL, rev INTEGER NOT NULL,
  content_hash INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, story TEXT NOT NULL,
  verdict INTEGER NOT NULL, of TEXT NOT NULL, memory BLOB NOT NULL);
CREATE INDEX items_last_seen ON items (last_seen);

CREATE TABLE streams (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  last_ms INTEGER NOT NULL, last_seq INTEGER NOT NULL, last_n INTEGER NOT NULL, last_bytes INTEGER NOT NULL,
  published_ms INTEGER NOT NULL, published_seq INTEGER NOT NULL, published_n INTEGER NOT NULL, published_bytes INTEGER NOT NULL,
  purged_ms INTEGER NOT NULL, purged_seq INTEGER NOT NULL, purged_n INTEGER NOT NULL, purged_bytes INTEGER NOT NULL,
  floor_ms INTEGER NOT NULL, floor_seq INTEGER NOT NULL, epoch INTEGER NOT NULL);

CREATE TABLE outbox (
  row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, ms INTEGER NOT NULL, seq INTEGER NOT NULL, n INTEGER NOT NULL,
  bytes INTEGER NOT NULL, key TEXT NOT NULL, fields BLOB NOT NULL, checksum INTEGER NOT NULL);
CREATE UNIQUE INDEX outbox_id ON outbox (stream, ms, seq);

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, hook_id TEXT NOT NULL, alert_id TEXT NOT NULL, payload TEXT NOT NULL,
  attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, state INTEGER NOT NULL, last_error TEXT NOT NULL,
  created INTEGER NOT NULL, UNIQUE (hook_id, alert_id));
CREATE INDEX deliveries_pending ON deliveries (next_at) WHERE state = 0;
CREATE INDEX deliveries_ended ON deliveries (created) WHERE state != 0;
)",
    // 2: what an item is explained and listed by
    R"(
ALTER TABLE items ADD COLUMN url_key INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN url TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN outlet TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN layer TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN distance INTEGER NOT NULL DEFAULT -1;
ALTER TABLE items ADD COLUMN similarity REAL NOT NULL DEFAULT -1;
ALTER TABLE items ADD COLUMN changed TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
CREATE INDEX items_url_key ON items (url_key) WHERE url_key != 0;
CREATE INDEX items_story ON items (story);
)",
    // 3
    "CREATE TABLE channels (source_id TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID",
    // 4: what a source at rest has no more in memory
    R"(
ALTER TABLE sources ADD COLUMN url_hash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN repeats BLOB NOT NULL DEFAULT x'';
ALTER TABLE sources ADD COLUMN figures BLOB NOT NULL DEFAULT x'';
)",
};

}  // namespace

int schema_version() { return static_cast<int>(std::size(kSteps)); }

void prepare_schema(Database& database) {
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;"
                "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF");
  Transaction transaction(database);
  auto& version = database.sql("PRAGMA user_version").with();
  version.step();
  const auto found = version.integer(0);
  version.reset();
  if (found > schema_version()) {
    throw SqlFailure(Error(Errc::invalid, fmt::format("the store is of format {}, this program knows formats up to {}: use the newer tidings",
                                                      found, schema_version())));
  }
  for (auto step = found; step < schema_version(); ++step) database.exec(kSteps[step]);
  database.exec(fmt::format("PRAGMA user_version = {}", schema_version()).c_str());
  transaction.commit();
}

}  // namespace tidings::store
