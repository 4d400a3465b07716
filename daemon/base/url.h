#pragma once
// URLs as the web uses them: taken apart, resolved against a base (RFC 3986 section 5, as lenient as browsers are), and
// the domain that one owner registered. Pure; nothing is fetched or looked up.

#include <string>
#include <string_view>

#include "base/result.h"

namespace tidings {

// The parts as written, without their separators; scheme and host in lower case. host keeps the brackets of IPv6.
struct Url {
  std::string scheme;
  std::string userinfo;
  std::string host;
  std::string port;
  std::string path;
  std::string query;
  std::string fragment;
  bool has_authority = false;
  bool has_query = false;  // "http://a/?" has an empty one
  bool has_fragment = false;
};

// Reads an absolute URL: white space round it is passed over, tabs and line ends in it too, backslashes are slashes in
// web schemes. Fails where there is no scheme, a web URL has no host, or the host or port cannot be one.
Result<Url> parse_url(std::string_view text);
std::string to_string(const Url& url);

// The absolute URL that `reference` means in a document at `base`. An absolute reference and one that has no usable
// base come back as they are, but for white space: whether the scheme is safe is the caller's to judge. Spaces inside
// are percent-encoded, IRIs stay as they are.
std::string resolve_url(std::string_view base, std::string_view reference);

// The scheme of an absolute URL in lower case, as a browser would read it (leading controls and white space, and tabs
// and line ends inside are skipped), or empty.
std::string url_scheme(std::string_view text);

// "news.example.co.uk" gives "example.co.uk", by the Public Suffix List of libpsl. IP addresses, single names and public
// suffixes give themselves. Case is folded, a dot at the end dropped.
std::string registrable_domain(std::string_view host);

}  // namespace tidings
