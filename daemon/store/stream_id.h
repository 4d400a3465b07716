#pragma once
// The ID of a Redis stream entry: milliseconds and a sequence number, written "ms-seq". 0-0 is before all entries.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::store {

struct StreamId {
  std::uint64_t ms = 0;
  std::uint64_t seq = 0;
  auto operator<=>(const StreamId&) const = default;
};

std::string to_string(StreamId id);
std::optional<StreamId> parse_stream_id(std::string_view text);

// The ID that follows `last` when the clock says now_ms: never smaller, also when the clock went back.
StreamId next_id(StreamId last, std::uint64_t now_ms);

}  // namespace tidings::store
