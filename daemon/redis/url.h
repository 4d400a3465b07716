#pragma once
// Where a Redis is, read from its URL.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tidings::redis {

struct Address {
  std::string host;  // a name or a number; empty: unix
  std::uint16_t port = 6379;
  std::string path;  // of the unix socket
  std::string user;  // empty: the default user
  std::string password;
  unsigned db = 0;
};

// redis://[user:password@]host[:port][/db], with percent-encoding in user and password, or unix:PATH[?db=N].
Result<Address> parse_url(std::string_view url);

// For messages and logs: without the password.
std::string to_string(const Address& address);

}  // namespace tidings::redis
