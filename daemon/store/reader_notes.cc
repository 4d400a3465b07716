// Questions that people ask: items with their notes, and the items of a story.
#include <algorithm>

#include "store/fields.h"
#include "store/item_row.h"
#include "store/reader.h"

namespace tidings::store {
namespace {

// An entry has the time of its commit in its ID, or a little more: so many rows from there on are looked at.
constexpr std::int64_t kRowsLookedAt = 20'000;

// Of a whole row.
StoredItem noted(const Statement& row) {
  StoredItem item = item_of(row);
  item.url_key = row.number(11);
  ItemNotes& notes = item.notes;
  notes.title = row.bytes(12);
  notes.url = row.bytes(13);
  notes.language = row.bytes(14);
  notes.outlet = row.bytes(15);
  notes.layer = row.bytes(16);
  notes.distance = static_cast<int>(row.integer(17));
  notes.similarity = row.real(18);
  notes.changed = row.bytes(19);
  item.written = row.time(20);
  return item;
}

std::vector<StoredItem> all_of(Statement& rows) {
  std::vector<StoredItem> items;
  while (rows.step()) items.push_back(noted(rows));
  rows.reset();
  return items;
}

}  // namespace

Result<std::optional<StoredItem>> Reader::item(const std::string& id) {
  return guarded([&] {
    auto found = all_of(database_->sql("SELECT * FROM items WHERE id = ?").with(id));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  });
}

Result<std::vector<std::optional<StoredItem>>> Reader::find_pages(const std::string& source_id, const std::vector<std::uint64_t>& url_keys) {
  return guarded([&] {
    std::vector<std::optional<StoredItem>> found(url_keys.size());
    if (std::ranges::all_of(url_keys, [](std::uint64_t key) { return key == 0; })) return found;
    const Transaction transaction(*database_, Transaction::Kind::reads);
    for (std::size_t i = 0; i < url_keys.size(); ++i) {
      if (url_keys[i] == 0) continue;
      auto& select = database_->sql("SELECT * FROM items WHERE url_key = ? AND url_key != 0 AND source_id = ? ORDER BY last_seen DESC LIMIT 1");
      auto rows = all_of(select.with(url_keys[i], source_id));
      if (!rows.empty()) found[i] = std::move(rows.front());
    }
    return found;
  });
}

Result<std::vector<StoredItem>> Reader::items_of_page(std::uint64_t url_key, std::size_t limit) {
  return guarded([&] {
    return all_of(database_->sql("SELECT * FROM items WHERE url_key = ? AND url_key != 0 ORDER BY row DESC LIMIT ?").with(url_key, limit));
  });
}

Result<std::vector<StoredItem>> Reader::items_of_story(const std::string& story, std::size_t limit) {
  return guarded([&] { return all_of(database_->sql("SELECT * FROM items WHERE story = ? ORDER BY row LIMIT ?").with(story, limit)); });
}

Result<Reader::StoryNotes> Reader::story_notes(const std::string& story) {
  return guarded([&] {
    StoryNotes notes;
    auto& rows = database_->sql(
        "SELECT language, count(*), min(CASE WHEN title = '' THEN NULL ELSE row END) FROM items WHERE story = ?"
        " GROUP BY language ORDER BY language");
    rows.with(story);
    std::int64_t first = 0;
    while (rows.step()) {
      if (!rows.bytes(0).empty()) notes.languages.push_back(rows.text(0));
      notes.items += rows.number(1);
      const std::int64_t titled = rows.integer(2);
      if (titled != 0 && (first == 0 || titled < first)) first = titled;
    }
    rows.reset();
    auto& title = database_->sql("SELECT title FROM items WHERE row = ?").with(first);
    if (title.step()) notes.title = title.text(0);
    title.reset();
    return notes;
  });
}

Result<std::optional<Fields>> Reader::published(const StoredItem& item) {
  return guarded([&] {
    const std::string stream = item.verdict == model::VerdictKind::duplicate ? "duplicates" : "items";
    const auto from = std::chrono::duration_cast<Millis>(item.written.time_since_epoch()).count();
    auto& find = database_->sql(
        "SELECT row FROM (SELECT row, key FROM outbox WHERE stream = (SELECT id FROM streams WHERE name = ?) AND (ms, seq) >= (?, 0)"
        " ORDER BY ms, seq LIMIT ?) WHERE key = ? LIMIT 1");
    find.with(stream, from, kRowsLookedAt, item.id);
    const std::int64_t row = find.step() ? find.integer(0) : 0;
    find.reset();
    auto& select = database_->sql("SELECT fields FROM outbox WHERE row = ?").with(row);
    std::optional<Fields> fields = select.step() ? decode_fields(select.bytes(0)) : std::nullopt;
    select.reset();
    return fields;
  });
}

}  // namespace tidings::store
