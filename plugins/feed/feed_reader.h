#pragma once
// Reads a whole document: finds the feed in it, its entries one after the other, and what it says of itself.

#include <string>
#include <string_view>

#include "feed/encoding.h"
#include "sdk/plugin.h"

namespace tidings::feed {

struct Retrieval {
  std::string base;      // Content-Location if it is a web URL, else the URL
  std::string language;  // Content-Language
};

// Gives entries, feed, notes and warnings to the sink; returns a tidings_status.
int read_feed(const Decoded& document, const Retrieval& retrieval, sdk::Sink& sink);

}  // namespace tidings::feed
