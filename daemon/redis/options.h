#pragma once
// Redis: where it is and how patient we are with it.

#include <cstddef>
#include <string>

#include "base/clock.h"

namespace tidings::redis {

struct Options {
  // redis://[user:password@]host[:port][/db] or unix:PATH[?db=N].
  std::string url = "redis://127.0.0.1:6379/0";
  std::string client_name = "tidings";  // CLIENT SETNAME; empty: none
  Millis connect_timeout = std::chrono::seconds(5);
  // A command without a reply for so long ends the connection: what comes later could be taken for another's reply.
  Millis command_timeout = std::chrono::seconds(10);
  // Commands in flight on one connection; more are refused.
  std::size_t max_pipeline = 1024;
  // Time between attempts to connect: doubled from the first to the last, each with jitter. The last is short: an attempt
  // is cheap, and what waits goes out within a second after Redis is back.
  Millis backoff_base = std::chrono::milliseconds(50);
  Millis backoff_max = std::chrono::milliseconds(900);
};

}  // namespace tidings::redis
