#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"

namespace tidings::web {

struct Options {
  // host:port, or unix:/path; empty: no server. Port 0 lets the kernel choose.
  std::string listen = "127.0.0.1:7311";
  std::size_t max_connections = 64;
  std::size_t max_body_bytes = 1 << 20;
  // A connection that says nothing for so long is closed.
  Seconds idle_timeout{30};
};

}  // namespace tidings::web
