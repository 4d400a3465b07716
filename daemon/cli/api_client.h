#pragma once
// Asks the daemon's own HTTP API. Blocks, with a time limit.

#include <string>
#include <string_view>

#include "base/result.h"

namespace tidings::cli {

struct ApiAnswer {
  int status = 0;
  std::string body;
};

// `listen` is option web.listen: host:port, or unix:/path. unavailable: no daemon answers there.
Result<ApiAnswer> ask_daemon(const std::string& listen, std::string_view method, const std::string& path);

// Has a daemon that runs there read its configuration again. One sentence of what came of it, for the user.
std::string reload_daemon(const std::string& listen);

}  // namespace tidings::cli
