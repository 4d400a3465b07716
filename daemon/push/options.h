#pragma once
// Being told instead of asking: WebSub, rssCloud and streams.

#include <cstddef>
#include <string>

#include "base/clock.h"

namespace tidings::push {

struct Options {
  // The web server as hubs reach it, "https://news.example.org/tidings"; callbacks are below it at /push/. Empty: hubs are
  // not subscribed to.
  std::string public_url;
  // An address of its own for callbacks, as web.listen; empty: they come to the web server.
  std::string listen;
  std::size_t max_body_bytes = 4 << 20;
  // Asked for; a hub may give another.
  Seconds lease = std::chrono::hours(10 * 24);
  // Of one source; a feed may name any number.
  std::size_t max_hubs = 3;
  // Requests to hubs under way.
  std::size_t max_requests = 8;
  // A hub that took a request has so long to verify it; then it is asked again.
  Millis verify_timeout = std::chrono::minutes(10);
  // The wait after a failed request to a hub, doubled at each further one.
  Millis backoff_base = std::chrono::seconds(60);
  Millis backoff_max = std::chrono::hours(12);
  // An item that a poll found is missed by a channel that has not brought it so long after.
  Millis late = std::chrono::minutes(5);

  // The wait before a stream is connected to again, doubled at each failure; `retry:` of an SSE stream goes before it.
  Millis stream_backoff_base = std::chrono::seconds(1);
  Millis stream_backoff_max = std::chrono::minutes(5);
  std::size_t max_event_bytes = 1 << 20;
};

}  // namespace tidings::push
