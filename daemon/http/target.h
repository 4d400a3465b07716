#pragma once
// The URL of one hop, read by libcurl's own parser, so that what is checked is what will be connected to.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tidings::http {

struct Target {
  std::string url;     // absolute, without credentials and fragment; spaces and non-ASCII bytes are percent-encoded
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; numeric IPv4 addresses in their usual form, IPv6 ones in brackets
  std::uint16_t port = 0;
  std::string user;  // decoded; empty where none were given
  std::string password;

  bool same_origin(const Target& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

// Reads a URL, or a reference relative to `base`. Errors: invalid (no URL), refused (another scheme).
Result<Target> parse_target(std::string_view url, std::string_view base = {});

// For people and logs: without credentials, query, fragment and control characters, and not too long.
std::string for_display(std::string_view url);

}  // namespace tidings::http
