#pragma once
// What the store holds, as plain values. Bytes called opaque are the owner's own format; the store never reads them.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/alert.h"
#include "model/item.h"
#include "store/stream_id.h"

namespace tidings::store {

// What is known of a source from its polls. Written whole.
struct SourceState {
  std::string id;
  std::uint64_t url_hash = 0;  // of the configured URL that it was learnt of; 0: it is not known
  std::string etag;           // validators, as received
  std::string last_modified;
  std::uint64_t body_hash = 0;
  std::string cursor;         // the plugin's, opaque
  std::string schedule;       // opaque
  std::string seen;           // ids of the last document, opaque
  std::string repeats;        // what it shows again, opaque
  std::string figures;        // how soon its items came, opaque
  std::string title;          // the feed's own
  std::string url;            // where the source has moved to for good; empty: as configured
  std::string why;            // why the next poll is when it is, in words
  OptionalTime last_poll;
  OptionalTime last_success;
  OptionalTime next_poll;
  int last_status = 0;        // HTTP status, 0: none
  std::string last_error;     // empty: the last poll went well
  std::uint64_t polls = 0;
  std::uint64_t not_modified = 0;
  std::uint64_t failures = 0;
  std::uint64_t items = 0;    // new ones
  std::uint64_t updates = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t bytes = 0;    // received
  bool operator==(const SourceState&) const = default;
};

// Of it, what a source needs that waits for its next poll.
struct SourceSchedule {
  std::uint64_t url_hash = 0;
  std::string schedule;
  std::string url;
};

// What people are told of an item besides its text: for explaining it and for listing its story.
struct ItemNotes {
  std::string title;     // cut
  std::string url;       // canonical
  std::string language;
  std::string outlet;    // whom it counts for
  std::string layer;     // how its verdict came about, as in model::Verdict
  int distance = -1;
  double similarity = -1;
  std::string changed;
  bool operator==(const ItemNotes&) const = default;
};

// What is remembered of an item; what was published of it is in the outbox.
struct StoredItem {
  std::string id;
  std::string source_id;
  std::uint32_t rev = 1;
  std::uint64_t content_hash = 0;
  Time first_seen;
  std::string story;
  model::VerdictKind verdict = model::VerdictKind::fresh;
  std::string of;      // update, duplicate: the item it is one of
  std::string memory;  // dedup's, opaque; empty: nothing to restore
  std::uint64_t url_key = 0;  // 0: none; items of one page have the same
  ItemNotes notes{};          // read where it is said so
  Time written{};             // when this revision was committed; read with the notes
  bool operator==(const StoredItem&) const = default;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

// What is known of the hubs that a source names, and of our subscriptions there. push/'s own format.
struct ChannelState {
  std::string source_id;
  std::string state;  // opaque; empty in a batch: forgotten
  bool operator==(const ChannelState&) const = default;
};

// One entry to be published; `stream` is the short name: "items", "duplicates", "sources", "alerts".
struct OutboxEntry {
  std::string stream;
  std::string key;  // the item's id
  Fields fields;    // at least one
};

// An outbox row as it was committed.
struct OutboxRow {
  StreamId id;
  std::uint64_t n = 0;      // counts the stream's rows from 1 without gaps
  std::uint64_t bytes = 0;  // of all rows of the stream up to this one
  std::string key;
  Fields fields;
  bool intact = true;  // false: the stored bytes do not match their checksum; key and fields are empty
};

// A place in a stream's rows; {} is before the first.
struct Position {
  StreamId id;
  std::uint64_t n = 0;
  std::uint64_t bytes = 0;
  bool operator==(const Position&) const = default;
};

// What is known of a stream. A stream begins with its first row.
struct StreamState {
  std::string name;
  Position last;       // the newest row
  Position published;  // the last that is known to be in Redis; may lag behind the truth after a crash
  Position purged;     // the newest row that was dropped from the outbox
  StreamId floor;      // new IDs are greater
  std::uint64_t epoch = 0;  // of our last claim on the stream (publish/)
};

// A story that is part of another from now on: its items are listed there.
struct StoryMerge {
  std::string story;
  std::string into;
};

// All of a batch is committed in one transaction: items with their outbox entries and the validators after which they
// will not be fetched again.
struct Batch {
  std::vector<StoredItem> items;         // inserted, or replaced where the id is known (first_seen stays)
  std::vector<std::string> seen_again;   // ids of known items that a document still shows: keeps them from being forgotten
  std::vector<OutboxEntry> outbox;       // published in this order within a stream
  // With id 0: new, passed over where the hook has that alert already. Otherwise: what became of an attempt; attempts,
  // next_at, state and last_error are written.
  std::vector<model::Delivery> deliveries;
  std::vector<StoryMerge> merges;  // after the items
  std::optional<SourceState> state;
  std::vector<ChannelState> channels;  // inserted or replaced

  // There is nothing in it but a state.
  bool is_bare() const {
    return items.empty() && seen_again.empty() && outbox.empty() && deliveries.empty() && merges.empty() && channels.empty();
  }
};

struct Committed {
  std::vector<Position> rows;  // of batch.outbox, in its order
};

struct Stats {
  std::uint64_t pending_rows = 0;   // wait to be published, all streams
  std::uint64_t pending_bytes = 0;
  std::uint64_t waiting_batches = 0;
  std::string trouble;  // why the store cannot write now (a full disk), empty: it can
};

}  // namespace tidings::store
