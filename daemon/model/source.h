#pragma once
// A source: one configured origin with an id. What the user wrote, with defaults filled in.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/shared.h"

namespace tidings::model {

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

// How events of a stream source are framed.
enum class StreamKind : std::uint8_t { none, sse, websocket };

// What the user wrote of a source besides its name and address: many have it in common.
struct SourceSettings {
  std::string plugin = "feed";  // "feed", "json", "exec", ...
  std::string language;         // BCP 47; used where an entry states none
  std::string country;
  std::string owner;  // owner group: outlets of one owner count once
  double weight = 1;
  std::vector<std::string> tags;
  std::optional<Millis> interval;      // a fixed poll interval; absent: adaptive
  std::optional<Millis> min_interval;  // floor and ceiling of the adaptive one
  std::optional<Millis> max_interval;
  bool allow_private = false;  // may fetch from and be redirected to private addresses
  std::vector<Header> headers;
  std::string proxy;
  bool push = true;  // hubs that it names are subscribed to
  StreamKind stream = StreamKind::none;  // `url` is read as it comes and not polled
  std::string backup_url;                // a stream's: what is polled beside it; empty: nothing
  std::vector<std::string> subscribe;    // a WebSocket's: messages to send first
  // The plugin's own options, by the plugin's option table; values as JSON text of scalar or object.
  std::map<std::string, std::string> options;

  bool operator==(const SourceSettings&) const = default;
};

struct Source {
  std::string id;    // unique, [a-z0-9._-]+
  std::string url;   // for plugins that poll a URL
  std::string name;  // for people; the feed's own title where empty
  std::string origin;  // file:line it was read from
  Shared<SourceSettings> settings;

  bool operator==(const Source&) const = default;
};

// The configuration and whoever follows the source have the same one; a reload replaces it.
using SharedSource = std::shared_ptr<const Source>;

}  // namespace tidings::model
