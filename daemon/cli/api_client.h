#pragma once
// Asks the daemon's own HTTP API. Blocks, with a time limit.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "cli/terminal.h"

namespace tidings::cli {

struct ApiAnswer {
  int status = 0;
  std::string body;
};

// `listen` is option web.listen: host:port, or unix:/path. unavailable: no daemon answers there.
Result<ApiAnswer> ask_daemon(const std::string& listen, std::string_view method, const std::string& path);

// For a part of a URL: all but letters, digits and "-._~" as %XX.
std::string percent_encode(std::string_view text);

// The body of the daemon's answer to a GET; nothing where there is none or it is an error, which is said on standard error.
// Without `listen` the address is that of the configuration.
std::optional<std::string> ask_for(std::string_view command, const std::string& config, std::string listen, const std::string& path);

// Asks for a JSON object and prints it: as it came, or as `to_text` puts it. The exit status;
// what is wrong is one sentence on standard error.
using ToText = std::function<std::string(const json::object&, const Terminal&)>;
int show_answer(std::string_view command, const std::string& config, std::string listen, const std::string& path, bool as_json, const ToText& to_text);

// Has a daemon that runs there read its configuration again. One sentence of what came of it, for the user.
std::string reload_daemon(const std::string& listen);

}  // namespace tidings::cli
