#pragma once
// Was anything lost between two polls? A document that shares no entry with the one before has moved on by more than its
// window: what stood between them was never seen.

#include <cstdint>
#include <optional>
#include <span>

#include "base/clock.h"

namespace tidings::schedule {

// One entry of a document, by what it can be known again: hashes of its guid and of its canonical URL, 0: none.
struct EntryKeys {
  std::uint64_t guid = 0;
  std::uint64_t url = 0;
  OptionalTime published;
};

// What was lost lies between the newest known entry and the oldest present one, where their dates are known.
struct Gap {
  OptionalTime after;
  OptionalTime before;
};

// `partial`: the present document was cut short, so that what is absent is not gone. No gap is said to be where the
// dates show that the two windows overlap (a feed that changed all its ids).
std::optional<Gap> find_gap(std::span<const EntryKeys> previous, std::span<const EntryKeys> present, bool partial);

}  // namespace tidings::schedule
