#pragma once
// Durations and sizes as people write them: "90s", "1h30m", "250ms"; "16MiB", "64kB", "4096B". Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tidings::config {

// A sum of whole numbers with units d, h, m, s, ms, us, each at most once and from the largest down; nothing else,
// no sign and no spaces. Absent where the text is none or the sum leaves the range of an int64.
std::optional<Micros> parse_duration(std::string_view text);
std::string format_duration(Micros duration);  // the shortest text that reads back as it

// A whole number and a unit: B, kB, MB, GB (powers of 1000), KiB, MiB, GiB, TiB (powers of 1024).
std::optional<std::int64_t> parse_size(std::string_view text);
std::string format_size(std::int64_t bytes);

}  // namespace tidings::config
