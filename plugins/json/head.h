#pragma once
// What a JSON Feed says of itself, beside its items (https://www.jsonfeed.org/version/1.1/).

#include <simdjson.h>
#include <tidings/plugin.h>

#include <string_view>
#include <vector>

#include "json/parts.h"

namespace tidings::json_feed {

struct Head {
  bool has_version = false;  // of JSON Feed
  bool is_expired = false;   // "will never be updated again"
  tidings_feed feed;
  std::vector<tidings_person> authors;
  std::vector<tidings_str> hubs;
};

// Strings are of `root`'s parser and of place.made; feed's lists are those of the Head: keep it where it is.
void read_head(simdjson::dom::element root, const Place& place, Head& to);

}  // namespace tidings::json_feed
