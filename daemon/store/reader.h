#pragma once
// Questions to a store's file, answered synchronously over a connection that cannot write: for the command line beside a
// running daemon, and for Store, which asks from a thread of its own. Sees every transaction that was committed before.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/records.h"

namespace tidings::store {

class Database;

// One thread at a time. Blocks. Errc::corrupt where the file is broken, Errc::io where it cannot be read.
class Reader {
 public:
  // Errc::not_found where there is no file.
  static Result<std::unique_ptr<Reader>> open(const std::string& path);
  ~Reader();

  // In the order of ids; nothing for those that are not known.
  Result<std::vector<std::optional<SourceState>>> sources(const std::vector<std::string>& ids);
  Result<std::vector<std::optional<SourceSchedule>>> schedules(const std::vector<std::string>& ids);
  Result<std::vector<ChannelState>> channels();
  Result<std::vector<std::optional<StoredItem>>> find(const std::vector<std::string>& ids);
  // This source's items of these pages, by url_key, each the one that was shown last, with notes; nothing where a key is 0 or
  // there is none. In the order of the keys.
  Result<std::vector<std::optional<StoredItem>>> find_pages(const std::string& source_id, const std::vector<std::uint64_t>& url_keys);
  Result<std::uint64_t> item_count();

  // For people, with notes: one item; those of a page, the latest first; those of a story, the oldest first.
  Result<std::optional<StoredItem>> item(const std::string& id);
  Result<std::vector<StoredItem>> items_of_page(std::uint64_t url_key, std::size_t limit);
  Result<std::vector<StoredItem>> items_of_story(const std::string& story, std::size_t limit);
  struct StoryNotes {
    std::string title;                   // of its first item that has one
    std::vector<std::string> languages;  // of its items, by name
    std::uint64_t items = 0;             // that are kept
  };
  Result<StoryNotes> story_notes(const std::string& story);
  // What was published of the item's revision, as long as the outbox keeps it.
  Result<std::optional<Fields>> published(const StoredItem& item);

  struct ItemPage {
    std::vector<StoredItem> items;
    std::int64_t next = 0;  // hand in to go on; 0: that was all
  };
  // Items with a memory that were seen since then, oldest first, `limit` rows looked at.
  Result<ItemPage> items(Time seen_since, std::int64_t from, std::size_t limit);

  Result<std::vector<StreamState>> streams();
  Result<std::vector<OutboxRow>> outbox(const std::string& stream, StreamId after, std::size_t limit, std::uint64_t max_bytes);
  Result<std::optional<Position>> row_at_or_before(const std::string& stream, StreamId id);

  Result<std::vector<model::Delivery>> deliveries_due(Time now, std::size_t limit);
  Result<OptionalTime> next_delivery();
  // Of any state, newest first.
  Result<std::vector<model::Delivery>> deliveries(std::size_t limit);

 private:
  explicit Reader(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace tidings::store
