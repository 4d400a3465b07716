#pragma once
// Says of each item, as it comes, whether it is new, an update or a duplicate, and which story it belongs to. The window
// of items remembered is in memory; what the store keeps of it comes back through restore().

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dedup/compare.h"
#include "dedup/features.h"
#include "dedup/options.h"
#include "model/item.h"

namespace tidings::dedup {

// What the store knows of an item's id already.
struct Known {
  std::uint32_t rev = 1;
  std::uint64_t content_hash = 0;
  Time first_seen;
  std::string story;
};

struct StoryEvent {
  enum class Kind : std::uint8_t { created, joined, updated, merged, milestone, closed };
  Kind kind = Kind::created;
  std::string story;
  std::string item;   // the item that caused it; empty for closed
  std::string title;  // of that item
  std::string other;  // merged: the story that is now part of this one
  std::uint32_t size = 0;     // items
  std::uint32_t outlets = 0;  // independent ones; milestone: the number reached (3, 10, 30)
  Time first_seen;
  Time at;
};
std::string_view name_of(StoryEvent::Kind kind);

// A live story as it stands.
struct LiveStory {
  std::string id;
  std::uint32_t items = 0;
  std::uint32_t outlets = 0;  // independent ones
  Time first;
  Time last;
};
enum class StoryOrder : std::uint8_t { outlets, size, last, first };

struct Decision {
  bool unchanged = false;  // the same item with the same content: nothing is published, nothing to store
  // An item that its source has shown before under another id: likewise; `shown_as` is that item's id, and the verdict
  // says what it is a copy of.
  bool rekeyed = false;
  std::string shown_as;
  bool own = false;  // what it is a copy or an update of is of the same source
  model::Verdict verdict;
  std::string memory;  // kept by the store beside the item, for restore()
  std::vector<StoryEvent> events;
};

// Running totals since the start, for metrics.
struct Tally {
  std::uint64_t decided = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t candidates = 0;     // within the Hamming distance
  std::uint64_t verifications = 0;  // compared by sketch and figures
};

// Used on the loop thread. Deterministic: the same items at the same times get the same verdicts and ids.
class Deduplicator {
 public:
  explicit Deduplicator(Options options);
  ~Deduplicator();
  Deduplicator(Deduplicator&&) noexcept;
  Deduplicator& operator=(Deduplicator&&) noexcept;

  // `now` never goes back. The item is remembered as seen at `now`.
  Decision decide(const model::Item& item, const Features& features, const std::optional<Known>& known, Time now);

  // Takes back one item at start, oldest first, before the first decide(). The error is Errc::corrupt: pass it over.
  Result<void> restore(std::string_view memory);
  // After the last restore(): makes ready what else the first decide() would have to.
  void restored();

  // Drops what has left the window and closes quiet stories; decide() does so as well. For times without items.
  std::vector<StoryEvent> expire(Time now);

  // The first `limit` of the live stories: those of the most outlets, the most items, the latest or the earliest first.
  std::vector<LiveStory> live_stories(StoryOrder order, std::size_t limit) const;
  std::optional<LiveStory> live_story(std::string_view id) const;
  // Whether copies of this item would be recognised: it has not left the window.
  bool remembers(std::string_view item_id) const;

  Tally tally() const;
  std::size_t window_items() const;
  std::size_t stories() const;
  std::size_t bytes() const;  // of all structures of the window
  const Rarity& rarity() const;
  const Options& options() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidings::dedup
