#pragma once
// The queue of polls to come, by time: a heap of 16 bytes a source with its place known, for up to millions of sources.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace tidings::schedule {

// Ids are small dense numbers that the caller gives to its sources; memory grows with the largest. All operations are
// O(log n), next_due() and due() O(1).
class Queue {
 public:
  using Id = std::uint32_t;

  // Puts a source in, or moves it.
  void reschedule(Id id, Time at);
  // False: it was not in.
  bool remove(Id id);
  // The earliest source that is due, taken out. Those due at the same time come in order of id.
  std::optional<Id> pop_due(Time now);

  OptionalTime next_due() const;
  OptionalTime due(Id id) const;
  std::size_t size() const { return heap_.size(); }

 private:
  struct Entry {
    std::int64_t at;
    Id id;
    bool operator<(const Entry& other) const { return at != other.at ? at < other.at : id < other.id; }
  };
  void place(std::size_t index, Entry entry);
  void sift_up(std::size_t index, Entry entry);
  void sift_down(std::size_t index, Entry entry);
  void take_out(std::size_t index);

  std::vector<Entry> heap_;            // 4-ary, earliest first
  std::vector<std::uint32_t> places_;  // of each id in the heap, kAbsent: not in
};

}  // namespace tidings::schedule
