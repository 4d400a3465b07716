#pragma once
// One GET for a command. Blocks; limits and security are those of the http room.

#include <string>

#include "cli/parse_document.h"
#include "http/options.h"

namespace tidings::cli {

// The body of a 2xx answer. refused: another status, or what policy does not let through.
Result<ParseInput> fetch_url(const std::string& url, const http::Options& options);

}  // namespace tidings::cli
