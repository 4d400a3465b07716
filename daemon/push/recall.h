#pragma once
// What share of a source's items a push channel delivers, learnt from backup polls: an item that the channel brings is a
// hit; one that a poll found while the channel was up, and that it has not brought some minutes later, is a miss. A Beta
// posterior that forgets, so that a hub that breaks is noticed. Pure.

#include <cstdint>
#include <deque>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace tidings::push {

class Recall {
 public:
  Recall() = default;
  // From the store; what cannot be is taken as nothing.
  Recall(double hits, double misses);

  // The channel brought a document with these items, by keys that are stable within the source; `fresh` are those that were
  // not known before.
  void brought(const std::vector<std::uint64_t>& shown, const std::vector<std::uint64_t>& fresh);
  // Somebody else came first with these.
  void expect(const std::vector<std::uint64_t>& keys, Time now);
  // What was expected before now - late and has not come is missed.
  void settle(Time now, Millis late);

  double mean() const;
  // The share that is proven: the lower end of a one-sided 95 % interval; near 0 while little was seen.
  double proven() const;
  double hits() const { return hits_; }
  double misses() const { return misses_; }

 private:
  void learn(double hits, double misses);

  double hits_ = 0;
  double misses_ = 0;
  std::deque<std::pair<Time, std::uint64_t>> expected_;
  std::unordered_set<std::uint64_t> open_;  // those of expected_ that have not come
};

}  // namespace tidings::push
