#pragma once
// Finds the feed that somebody means by a URL. Pure, but for what `fetch` does.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/parse_document.h"

namespace tidings::cli {

// How a URL is fetched.
using Fetch = std::function<Result<ParseInput>(const std::string& url)>;

struct FoundFeed {
  std::string url;    // after redirects
  std::string title;  // one printable line, may be empty
  std::string plugin;
  std::string language;  // as a BCP 47 tag, or empty
  std::size_t entries = 0;
};

// The URL itself where it is a feed; else those its page names that are feeds, in the order of the page; else the first
// that answers where feeds usually are. At least one. Without a scheme https is tried, then http. not_found: there is
// none; other errors are those of fetching the page.
Result<std::vector<FoundFeed>> find_feeds(const std::string& url, const Fetch& fetch);

}  // namespace tidings::cli
