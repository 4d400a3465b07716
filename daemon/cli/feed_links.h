#pragma once
// The feeds that a web page names, and where feeds usually are. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace tidings::cli {

struct FeedLink {
  std::string url;    // absolute, http or https
  std::string title;  // as the page calls it, may be empty
  bool operator==(const FeedLink&) const = default;
};

// <link rel="alternate"> of a feed's type first, as feed autodiscovery has it
// (https://www.rssboard.org/rss-autodiscovery); then anchors whose address looks like a feed's. Each URL once.
std::vector<FeedLink> feed_links(std::string_view html, std::string_view page_url);

// Where feeds are on many sites that do not say so, for the site of a page.
std::vector<std::string> usual_feed_urls(std::string_view page_url);

}  // namespace tidings::cli
