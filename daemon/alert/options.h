#pragma once
// Where alerts go, and the bounds of their delivery.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace tidings::alert {

enum class HookKind : std::uint8_t { webhook, exec };

struct Hook {
  std::string id;  // unique, [a-z0-9._-]+
  HookKind kind = HookKind::webhook;

  // webhook: POST to this URL, signed by Standard Webhooks where there is a secret.
  std::string url;
  // "whsec_" and base64 of 24 to 64 bytes. Two while a secret is being changed: both sign.
  std::vector<std::string> secrets;
  std::vector<std::pair<std::string, std::string>> headers;
  bool allow_private = false;  // the URL may lead to a private address

  // exec: program by absolute path and arguments, no shell; the payload comes on its standard input.
  std::vector<std::string> command;

  Millis timeout = std::chrono::seconds(20);
  // Deliveries under way at once. 1 keeps them in order.
  unsigned max_concurrent = 1;
  std::string origin;  // file:line it was read from
  bool operator==(const Hook&) const = default;
};

struct Options {
  // Deliveries under way at once, all hooks together.
  unsigned max_concurrent = 16;
  // What is kept of an answer or of the output of a command, for the log.
  std::size_t max_output_bytes = 4096;
  // At a stop: how long deliveries under way may take to end; what is left is tried again at the next start.
  Millis drain_timeout = std::chrono::seconds(10);
  // An item that was published or updated longer ago is no news and gives no alert, as when a source is new; 0: any age.
  Millis max_item_age = std::chrono::hours(48);
  // Stories remembered by rules that alert once a story.
  std::size_t max_remembered_stories = 100'000;
};

}  // namespace tidings::alert
