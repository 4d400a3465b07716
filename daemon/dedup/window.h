#pragma once
// The window: what is kept in memory of each item of late, in the order of arrival, packed; and the exact keys and
// fingerprints by which its copies are found.

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "dedup/compare.h"
#include "dedup/item_id.h"
#include "dedup/near_index.h"
#include "dedup/record.h"

namespace tidings::dedup {

// Positions by tag: open addressing, 8 bytes a slot, at most 85 % full. Tags are half of a key, so what is found may be
// another one's: the caller checks.
class KeyTable {
 public:
  KeyTable();
  static constexpr std::uint32_t kNone = UINT32_MAX;
  // The latest position put under the tag, or kNone. 0 is no tag.
  std::uint32_t find(std::uint32_t tag) const;
  void put(std::uint32_t tag, std::uint32_t position);
  void prefetch(std::uint32_t tag) const { __builtin_prefetch(&slots_[place_of(tag)]); }
  // Positions below are gone for good; their slots are freed when the table next grows.
  void forget_before(std::uint32_t position) { first_ = position; }
  std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t position = kNone;
  };
  std::size_t place_of(std::uint32_t tag) const {
    return static_cast<std::size_t>((std::uint64_t{tag * 0x9E3779B1U} * slots_.size()) >> 32);  // spread, should tags lie together
  }
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::uint32_t first_ = 0;
};

struct Kept {
  Hash128 item;
  std::uint64_t head = 0;    // low half of the first item of its group of copies; its own where it is not a duplicate
  std::uint32_t story = 0;   // as Stories numbers them
  std::uint32_t source = 0;
  std::uint32_t seen = 0;    // seconds since 1970
};

// Positions count up from 0 and are never used twice. Used on one thread.
class Window {
 public:
  // near() is answered by an index and not by a scan where the distance is small or more than kScanned items may come:
  // it costs 60 bytes an item and finds the same.
  Window(int max_distance, std::size_t max_items);
  static constexpr std::size_t kScanned = 4'000'000;

  // Calls for what add() will write.
  void prefetch(const ItemKeys& keys, const Hash128& item) const {
    items_.prefetch(tag_of(item.low | 1));
    urls_.prefetch(tag_of(keys.url));
    texts_.prefetch(tag_of(keys.text));
    titles_.prefetch(tag_of(keys.title));
  }
  std::uint32_t add(const Kept& kept, const ItemKeys& keys, std::string_view copy);
  bool holds(std::uint32_t position) const { return position >= first_ && position - first_ < kept_.size(); }
  const Kept& at(std::uint32_t position) const { return kept_[position - first_].kept; }
  CopyFeatures features(std::uint32_t position) const;
  // As packed, without the SimHash.
  std::string_view packed(std::uint32_t position) const;
  // Calls for what at() or packed() will read.
  void prefetch_at(std::uint32_t position) const { __builtin_prefetch(&kept_[position - first_]); }
  void prefetch_packed(std::uint32_t position) const;

  // Positions, or KeyTable::kNone.
  std::uint32_t by_head(std::uint64_t head) const {
    const std::uint32_t position = live(items_.find(tag_of(head | 1)));
    return position != KeyTable::kNone && at(position).item.low == head ? position : KeyTable::kNone;
  }
  std::uint32_t by_item(const Hash128& item) const {
    const std::uint32_t position = by_head(item.low);
    return position != KeyTable::kNone && at(position).item == item ? position : KeyTable::kNone;
  }
  std::uint32_t by_url(std::uint64_t key) const { return live(urls_.find(tag_of(key))); }
  std::uint32_t by_text(std::uint64_t key) const { return live(texts_.find(tag_of(key))); }
  std::uint32_t by_title(std::uint64_t key) const { return live(titles_.find(tag_of(key))); }
  // All within the distance, in the order of arrival.
  std::vector<Near> near(std::uint64_t simhash) const;

  // Drops items seen before `oldest`, and the oldest where there are more than max_items.
  void expire(std::uint32_t oldest, std::size_t max_items);
  std::uint32_t next() const { return first_ + static_cast<std::uint32_t>(kept_.size()); }
  std::size_t size() const { return kept_.size(); }
  std::size_t bytes() const;

 private:
  // Packed features lie at multiples of kAlign in chunks; an offset has 16 bits for the chunk, counted round, and 16 for
  // the place in it.
  static constexpr std::size_t kAlign = 4;
  static constexpr std::size_t kChunk = kAlign << 16;
  static constexpr std::size_t kBlock = 8192;
  using Block = std::array<std::uint64_t, kBlock>;
  struct Entry {
    Kept kept;
    std::uint32_t offset = 0;  // of its packed features
  };
  std::uint32_t live(std::uint32_t position) const { return position != KeyTable::kNone && holds(position) ? position : KeyTable::kNone; }
  std::uint32_t store(std::string_view packed);
  const char* place(std::uint32_t position) const {
    const std::uint32_t offset = kept_[position - first_].offset;
    return chunks_[chunk_of(offset)].get() + (offset & 0xFFFF) * kAlign;
  }
  // In chunks_, of what lies at this offset.
  std::size_t chunk_of(std::uint32_t offset) const { return static_cast<std::uint16_t>((offset >> 16) - first_chunk_); }
  std::uint64_t fingerprint(std::uint32_t position) const {
    return (*fingerprints_[position / kBlock - first_block_])[position % kBlock];
  }

  int max_distance_;
  std::uint32_t first_ = 0;
  std::deque<Entry> kept_;
  std::deque<std::unique_ptr<Block>> fingerprints_;  // by position, from block first_block_
  std::uint32_t first_block_ = 0;
  std::unique_ptr<NearIndex> index_;
  std::deque<std::unique_ptr<char[]>> chunks_;
  std::uint16_t first_chunk_ = 0;
  std::size_t chunk_used_ = kChunk;
  KeyTable items_;
  KeyTable urls_;
  KeyTable texts_;
  KeyTable titles_;
};

}  // namespace tidings::dedup
