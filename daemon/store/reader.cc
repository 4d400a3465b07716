#include "store/reader.h"

#include <algorithm>
#include <limits>

#include "store/database.h"
#include "store/fields.h"
#include "store/item_row.h"
#include "store/stream_table.h"

namespace tidings::store {
namespace {

// IDs in Redis are unsigned, SQLite's integers are not; ours never come near the difference.
std::int64_t bounded(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max()));
}

constexpr const char* kItem =
    "SELECT row, id, source_id, rev, content_hash, first_seen, last_seen, story, verdict, of, memory FROM items WHERE id = ?";
constexpr const char* kItems =
    "SELECT row, id, source_id, rev, content_hash, first_seen, last_seen, story, verdict, of, memory FROM items"
    " WHERE row > ? ORDER BY row LIMIT ?";

constexpr const char* kDue =
    "SELECT id, hook_id, alert_id, payload, attempts, next_at, state, last_error FROM deliveries"
    " WHERE state = 0 AND next_at <= ? ORDER BY id LIMIT ?";
constexpr const char* kNewest =
    "SELECT id, hook_id, alert_id, payload, attempts, next_at, state, last_error FROM deliveries ORDER BY id DESC LIMIT ?";

constexpr const char* kSource =
    "SELECT id, etag, last_modified, body_hash, cursor, schedule, seen, title, url, why, last_poll, last_success, next_poll,"
    " last_status, last_error, polls, not_modified, failures, items, updates, duplicates, bytes, url_hash, repeats, figures"
    " FROM sources WHERE id = ?";

SourceState state_of(const Statement& row) {
  SourceState s;
  int column = 0;
  for (std::string* text : {&s.id, &s.etag, &s.last_modified}) *text = row.bytes(column++);
  s.body_hash = row.number(column++);
  for (std::string* text : {&s.cursor, &s.schedule, &s.seen, &s.title, &s.url, &s.why}) *text = row.bytes(column++);
  for (OptionalTime* time : {&s.last_poll, &s.last_success, &s.next_poll}) *time = row.optional_time(column++);
  s.last_status = static_cast<int>(row.integer(column++));
  s.last_error = row.bytes(column++);
  for (auto* count : {&s.polls, &s.not_modified, &s.failures, &s.items, &s.updates, &s.duplicates, &s.bytes, &s.url_hash}) {
    *count = row.number(column++);
  }
  for (std::string* bytes : {&s.repeats, &s.figures}) *bytes = row.bytes(column++);
  return s;
}

std::vector<model::Delivery> deliveries_of(Statement& rows) {
  std::vector<model::Delivery> deliveries;
  while (rows.step()) {
    deliveries.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.text(3), static_cast<std::uint32_t>(rows.integer(4)),
                          rows.time(5), static_cast<model::DeliveryState>(rows.integer(6)), rows.text(7)});
  }
  rows.reset();
  return deliveries;
}

}  // namespace

Reader::Reader(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Reader::~Reader() = default;

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path) {
  auto database = Database::open(path, Database::Mode::read_only);
  if (!database) return database.error();
  std::unique_ptr<Reader> reader(new Reader(std::move(*database)));
  // Opening is lazy: this finds a file that is none of ours.
  auto streams = reader->streams();
  if (!streams) return streams.error();
  return reader;
}

Result<std::vector<std::optional<SourceState>>> Reader::sources(const std::vector<std::string>& ids) {
  return guarded([&] {
    const Transaction transaction(*database_, Transaction::Kind::reads);
    std::vector<std::optional<SourceState>> states(ids.size());
    auto& row = database_->sql(kSource);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      row.with(ids[i]);
      if (row.step()) states[i] = state_of(row);
      row.reset();
    }
    return states;
  });
}

Result<std::vector<std::optional<SourceSchedule>>> Reader::schedules(const std::vector<std::string>& ids) {
  return guarded([&] {
    const Transaction transaction(*database_, Transaction::Kind::reads);
    std::vector<std::optional<SourceSchedule>> schedules(ids.size());
    auto& row = database_->sql("SELECT url_hash, schedule, url FROM sources WHERE id = ?");
    for (std::size_t i = 0; i < ids.size(); ++i) {
      row.with(ids[i]);
      if (row.step()) schedules[i] = SourceSchedule{row.number(0), std::string(row.bytes(1)), row.text(2)};
      row.reset();
    }
    return schedules;
  });
}

Result<std::vector<ChannelState>> Reader::channels() {
  return guarded([&] {
    std::vector<ChannelState> states;
    auto& rows = database_->sql("SELECT source_id, state FROM channels ORDER BY source_id").with();
    while (rows.step()) states.push_back({rows.text(0), rows.text(1)});
    rows.reset();
    return states;
  });
}

Result<std::vector<std::optional<StoredItem>>> Reader::find(const std::vector<std::string>& ids) {
  return guarded([&] {
    const Transaction transaction(*database_, Transaction::Kind::reads);
    std::vector<std::optional<StoredItem>> found(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto& row = database_->sql(kItem).with(ids[i]);
      if (row.step()) found[i] = item_of(row);
      row.reset();
    }
    return found;
  });
}

Result<std::uint64_t> Reader::item_count() {
  return guarded([&] {
    auto& row = database_->sql("SELECT count(*) FROM items").with();
    row.step();
    const auto count = row.number(0);
    row.reset();
    return count;
  });
}

Result<Reader::ItemPage> Reader::items(Time seen_since, std::int64_t from, std::size_t limit) {
  return guarded([&] {
    ItemPage page;
    std::size_t looked_at = 0;
    std::int64_t last = 0;
    auto& rows = database_->sql(kItems).with(from, limit);
    while (rows.step()) {
      ++looked_at;
      last = rows.integer(0);
      if (rows.time(6) >= seen_since && !rows.bytes(10).empty()) page.items.push_back(item_of(rows));
    }
    rows.reset();
    if (looked_at == limit) page.next = last;
    return page;
  });
}

Result<std::vector<StreamState>> Reader::streams() {
  return guarded([&] {
    std::vector<StreamState> states;
    StreamTable table(*database_);
    for (auto& row : table.rows()) states.push_back(std::move(row.state));
    return states;
  });
}

Result<std::vector<OutboxRow>> Reader::outbox(const std::string& stream, StreamId after, std::size_t limit,
                                              std::uint64_t max_bytes) {
  return guarded([&] {
    std::vector<OutboxRow> found;
    std::uint64_t bytes = 0;
    auto& rows = database_->sql(
        "SELECT ms, seq, n, bytes, key, fields, checksum FROM outbox WHERE stream = (SELECT id FROM streams WHERE name = ?)"
        " AND (ms, seq) > (?, ?) ORDER BY ms, seq LIMIT ?");
    rows.with(stream, bounded(after.ms), bounded(after.seq), limit);
    while (bytes < max_bytes && rows.step()) {
      OutboxRow& row = found.emplace_back();
      row.id = {rows.number(0), rows.number(1)};
      row.n = rows.number(2);
      row.bytes = rows.number(3);
      bytes += rows.bytes(5).size();
      auto fields = decode_fields(rows.bytes(5));
      row.intact = fields && !fields->empty() &&
                   checksum(stream, row.id, row.n, rows.bytes(4), rows.bytes(5)) == rows.number(6);
      if (row.intact) {
        row.key = rows.bytes(4);
        row.fields = std::move(*fields);
      }
    }
    rows.reset();
    return found;
  });
}

Result<std::optional<Position>> Reader::row_at_or_before(const std::string& stream, StreamId id) {
  return guarded([&] {
    std::optional<Position> found;
    auto& row = database_->sql(
        "SELECT ms, seq, n, bytes FROM outbox WHERE stream = (SELECT id FROM streams WHERE name = ?)"
        " AND (ms, seq) <= (?, ?) ORDER BY ms DESC, seq DESC LIMIT 1");
    row.with(stream, bounded(id.ms), bounded(id.seq));
    if (row.step()) found = Position{{row.number(0), row.number(1)}, row.number(2), row.number(3)};
    row.reset();
    return found;
  });
}

Result<std::vector<model::Delivery>> Reader::deliveries_due(Time now, std::size_t limit) {
  return guarded([&] { return deliveries_of(database_->sql(kDue).with(now, limit)); });
}

Result<OptionalTime> Reader::next_delivery() {
  return guarded([&] {
    auto& row = database_->sql("SELECT min(next_at) FROM deliveries WHERE state = 0").with();
    row.step();
    const OptionalTime next = row.optional_time(0);
    row.reset();
    return next;
  });
}

Result<std::vector<model::Delivery>> Reader::deliveries(std::size_t limit) {
  return guarded([&] { return deliveries_of(database_->sql(kNewest).with(limit)); });
}

}  // namespace tidings::store
