#include "http/body_limits.h"

#include <fmt/format.h>

namespace tidings::http {

std::optional<std::string> BodyLimits::breach(std::size_t body, std::size_t wire, std::size_t uncounted) const {
  if (body > max_body_bytes) return fmt::format("the body is larger than {} bytes", max_body_bytes);
  if (wire > max_wire_bytes) return fmt::format("the body is larger than {} bytes on the wire", max_wire_bytes);
  if (body > ratio_slack_bytes && body / max_ratio > wire + uncounted) {
    return fmt::format("the body is compressed more than {} times", max_ratio);
  }
  return std::nullopt;
}

}  // namespace tidings::http
