#pragma once
// Which URLs a feed may name as its own, and the short way for those that are absolute already.

#include <string_view>

#include "base/text.h"

namespace tidings::feed {

inline bool is_web_url(std::string_view url) {
  return text::starts_with_ignoring_case(url, "http://") || text::starts_with_ignoring_case(url, "https://");
}

}  // namespace tidings::feed
