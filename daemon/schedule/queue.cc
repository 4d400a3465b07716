#include "schedule/queue.h"

#include <algorithm>

namespace tidings::schedule {
namespace {

constexpr std::uint32_t kAbsent = static_cast<std::uint32_t>(-1);
constexpr std::size_t kArity = 4;

}  // namespace

void Queue::reschedule(Id id, Time at) {
  if (id >= places_.size()) places_.resize(static_cast<std::size_t>(id) + 1, kAbsent);
  const Entry entry{to_micros(at), id};
  std::size_t index = places_[id];
  if (index == kAbsent) {
    index = heap_.size();
    heap_.push_back(entry);
    sift_up(index, entry);
  } else if (entry < heap_[index]) {
    sift_up(index, entry);
  } else {
    sift_down(index, entry);
  }
}

bool Queue::remove(Id id) {
  if (id >= places_.size() || places_[id] == kAbsent) return false;
  take_out(places_[id]);
  return true;
}

std::optional<Queue::Id> Queue::pop_due(Time now) {
  if (heap_.empty() || heap_.front().at > to_micros(now)) return std::nullopt;
  const Id id = heap_.front().id;
  take_out(0);
  return id;
}

OptionalTime Queue::next_due() const {
  return heap_.empty() ? OptionalTime() : from_micros(heap_.front().at);
}

OptionalTime Queue::due(Id id) const {
  if (id >= places_.size() || places_[id] == kAbsent) return std::nullopt;
  return from_micros(heap_[places_[id]].at);
}

void Queue::place(std::size_t index, Entry entry) {
  heap_[index] = entry;
  places_[entry.id] = static_cast<std::uint32_t>(index);
}

void Queue::sift_up(std::size_t index, Entry entry) {
  while (index > 0) {
    const std::size_t parent = (index - 1) / kArity;
    if (!(entry < heap_[parent])) break;
    place(index, heap_[parent]);
    index = parent;
  }
  place(index, entry);
}

void Queue::sift_down(std::size_t index, Entry entry) {
  for (;;) {
    const std::size_t first = index * kArity + 1;
    if (first >= heap_.size()) break;
    const auto begin = heap_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = heap_.begin() + static_cast<std::ptrdiff_t>(std::min(first + kArity, heap_.size()));
    const auto least = std::min_element(begin, end);
    if (!(*least < entry)) break;
    const auto next = static_cast<std::size_t>(least - heap_.begin());
    place(index, *least);
    index = next;
  }
  place(index, entry);
}

void Queue::take_out(std::size_t index) {
  places_[heap_[index].id] = kAbsent;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (index == heap_.size()) return;
  if (index > 0 && last < heap_[(index - 1) / kArity]) {
    sift_up(index, last);
  } else {
    sift_down(index, last);
  }
}

}  // namespace tidings::schedule
