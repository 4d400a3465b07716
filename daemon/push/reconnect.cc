#include "push/reconnect.h"

#include <algorithm>

#include "base/hash.h"

namespace tidings::push {

Millis Reconnect::ended(bool was_good, std::optional<Millis> asked) {
  if (was_good) failures_ = 0;
  const Millis wait = std::min<Millis>(max_, base_ * (std::int64_t{1} << std::min<std::uint32_t>(failures_, 20)));
  ++failures_;
  const double chance = static_cast<double>(hash64(id_, ++attempts_) >> 11) * 0x1p-53;
  const Millis jittered = std::chrono::round<Millis>(wait * (0.5 + 0.5 * chance));
  return asked ? std::max(jittered, *asked + std::chrono::round<Millis>(*asked * (0.1 * chance))) : jittered;
}

}  // namespace tidings::push
