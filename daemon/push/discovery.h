#pragma once
// Who tells of a feed's changes: WebSub hubs by Link headers (RFC 8288) and by the document, the latter where the headers
// name none (WebSub, section 4), and the rssCloud of RSS 2.0. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "model/entry.h"

namespace tidings::push {

struct Hints {
  std::string topic;  // what hubs call the feed: its rel=self, or where it was found
  std::vector<std::string> hubs;
  std::string cloud;  // the URL to register at; empty: none
  bool empty() const { return hubs.empty() && cloud.empty(); }
  bool operator==(const Hints&) const = default;
};

struct WebLink {
  std::string rel;  // one relation, lower case
  std::string url;  // absolute
};

// One link for each relation of each link of one Link field.
std::vector<WebLink> read_links(std::string_view field, std::string_view base);

// `url`: of the document, after redirects; `links`: the values of its Link fields.
Hints discover(std::string_view url, const std::vector<std::string>& links, const model::Feed& feed);

}  // namespace tidings::push
