#include "store/fresh_rows.h"

#include <utility>

namespace tidings::store {

void FreshRows::add(OutboxRow row) {
  if (!rows_.empty() && row.n != rows_.back().n + 1) rows_.clear();
  rows_.push_back(std::move(row));
  // Rows count the bytes of all up to them, so that the first one kept is not counted itself: one may stay, however long.
  while (rows_.back().bytes - rows_.front().bytes > max_bytes_) rows_.pop_front();
}

std::vector<OutboxRow> FreshRows::take(const Position& after, std::size_t limit, std::uint64_t max_bytes) {
  while (!rows_.empty() && rows_.front().n <= after.n) rows_.pop_front();
  std::vector<OutboxRow> taken;
  if (rows_.empty() || rows_.front().n != after.n + 1) return taken;
  while (!rows_.empty() && taken.size() < limit && (taken.empty() || rows_.front().bytes - after.bytes <= max_bytes)) {
    taken.push_back(std::move(rows_.front()));
    rows_.pop_front();
  }
  return taken;
}

}  // namespace tidings::store
