#include "redis/backoff.h"

#include <algorithm>

namespace tidings::redis {

Millis Backoff::next() {
  const unsigned doublings = std::min(failures_++, 30u);
  const auto full = std::min(Millis(base_.count() << doublings), max_).count();
  // SplitMix64 (Steele, Lea and Flood 2014): enough to keep clients from knocking in step.
  std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  const auto half = full / 2;
  return Millis(half + static_cast<std::int64_t>(z % static_cast<std::uint64_t>(full - half + 1)));
}

}  // namespace tidings::redis
