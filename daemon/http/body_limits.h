#pragma once
// The bounds on one body, checked at each chunk, so that neither a long answer nor a compression bomb is held. Pure.

#include <cstddef>
#include <optional>
#include <string>

namespace tidings::http {

struct BodyLimits {
  std::size_t max_body_bytes = 0;
  std::size_t max_wire_bytes = 0;
  unsigned max_ratio = 0;
  std::size_t ratio_slack_bytes = 0;

  // Which bound `body` bytes out of `wire` bytes would pass, in words; nothing where they pass none. `uncounted` are wire
  // bytes that may have been read and not counted yet.
  std::optional<std::string> breach(std::size_t body, std::size_t wire, std::size_t uncounted) const;
};

}  // namespace tidings::http
