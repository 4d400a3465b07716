#pragma once
// The newest rows of one stream, kept in memory from their commit until they are published, so that they need not be read
// back from the file. Bounded in bytes: a publisher that falls behind finds its rows in the file.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "store/records.h"

namespace tidings::store {

class FreshRows {
 public:
  explicit FreshRows(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // A row that was committed after all those before. The oldest ones go where there are too many bytes; all of them where
  // rows between were not added.
  void add(OutboxRow row);
  // Moves out the rows after `after`, up to `limit` of them and about max_bytes; drops those before. Empty where the next row
  // is not kept.
  std::vector<OutboxRow> take(const Position& after, std::size_t limit, std::uint64_t max_bytes);
  // For when the IDs of committed rows have changed.
  void clear() { rows_.clear(); }

 private:

  std::uint64_t max_bytes_;
  std::deque<OutboxRow> rows_;  // their n rise by one
};

}  // namespace tidings::store
