#pragma once
// The window: what is kept in memory of each item of late, in the order of arrival, packed; and the exact keys and
// fingerprints by which its copies are found.

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "dedup/compare.h"
#include "dedup/near_index.h"

namespace tidings::dedup {

// Positions by key: open addressing, 8 bytes a slot. Only 32 bits of the key are kept, so what is found may be another
// one's: the caller checks.
class KeyTable {
 public:
  KeyTable();
  static constexpr std::uint32_t kNone = UINT32_MAX;
  // The latest position put under the key, or kNone. 0 is no key.
  std::uint32_t find(std::uint64_t key) const;
  void put(std::uint64_t key, std::uint32_t position);
  // Positions below are gone for good; their slots are freed when the table next grows.
  void forget_before(std::uint32_t position) { first_ = position; }
  std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t position = kNone;
  };
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::uint32_t first_ = 0;
};

struct Kept {
  Hash128 item;
  std::uint32_t head = 0;    // position of the first of its group of copies; its own where it is not a duplicate
  std::uint32_t story = 0;   // as Stories numbers them
  std::uint32_t source = 0;
  std::uint32_t seen = 0;    // seconds since 1970
};

// Positions count up from 0 and are never used twice. Used on one thread.
class Window {
 public:
  std::uint32_t add(const Kept& kept, const Features& features);
  bool holds(std::uint32_t position) const { return position >= first_ && position - first_ < kept_.size(); }
  const Kept& at(std::uint32_t position) const { return kept_[position - first_].kept; }
  CopyFeatures features(std::uint32_t position) const;

  // Positions, or KeyTable::kNone.
  std::uint32_t by_item(const Hash128& item) const { return live(items_.find(item.low | 1)); }
  std::uint32_t by_url(std::uint64_t key) const { return live(urls_.find(key)); }
  std::uint32_t by_text(std::uint64_t key) const { return live(texts_.find(key)); }
  std::uint32_t by_title(std::uint64_t key) const { return live(titles_.find(key)); }
  // All within the distance, in the order of arrival.
  std::vector<Near> near(std::uint64_t simhash, int max_distance) const;

  // Drops items seen before `oldest`, and the oldest where there are more than max_items.
  void expire(std::uint32_t oldest, std::size_t max_items);
  std::uint32_t next() const { return first_ + static_cast<std::uint32_t>(kept_.size()); }
  std::size_t size() const { return kept_.size(); }
  std::size_t bytes() const;

 private:
  static constexpr std::size_t kChunk = 256 * 1024;
  struct Entry {
    Kept kept;
    std::uint64_t offset = 0;  // of its packed features: chunk number * kChunk + place
  };
  std::uint32_t live(std::uint32_t position) const { return position != KeyTable::kNone && holds(position) ? position : KeyTable::kNone; }
  std::uint64_t store(const std::string& packed);

  std::uint32_t first_ = 0;
  std::deque<Entry> kept_;
  std::vector<std::uint64_t> fingerprints_;  // of all positions from fingerprints_first_
  std::uint32_t fingerprints_first_ = 0;
  std::deque<std::unique_ptr<char[]>> chunks_;
  std::uint64_t first_chunk_ = 0;
  std::size_t chunk_used_ = kChunk;
  KeyTable items_;
  KeyTable urls_;
  KeyTable texts_;
  KeyTable titles_;
};

}  // namespace tidings::dedup
