#pragma once
// The URL by which copies of one page are known for the same page. Pure.

#include <string>
#include <string_view>

#include "normalize/options.h"

namespace tidings::normalize {

// `url` without what does not name the page: fragment, tracking parameters, default port, credentials, the marks of AMP
// and its caches, Google's redirector, a slash at the end, upper case where it means nothing (RFC 3986 section 6.2.2); http
// counts as https. It is for comparing: it need not answer. Empty for what is no web URL.
std::string canonical_url(std::string_view url, const Options& options);

}  // namespace tidings::normalize
