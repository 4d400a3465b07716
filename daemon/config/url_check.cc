#include "config/url_check.h"

#include <charconv>

#include "base/text.h"

namespace tidings::config {
namespace {

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

}  // namespace

std::string url_flaw(std::string_view url) {
  if (url.empty()) return "must not be empty";
  for (const char c : url) {
    if (text::is_ascii_space(c) || static_cast<unsigned char>(c) < 0x20) return "must be a URL without spaces";
  }
  const auto scheme_end = url.find("://");
  const auto scheme = scheme_end == std::string_view::npos ? std::string_view() : url.substr(0, scheme_end);
  if (!text::equal_ignoring_case(scheme, "http") && !text::equal_ignoring_case(scheme, "https")) {
    return "must be a URL that begins with http:// or https://";
  }
  auto authority = url.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string_view host = authority;
  std::string_view port;
  const auto bracket = authority.find(']');
  if (const auto colon = authority.rfind(':'); colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
    if (!is_port(port)) return "must be a URL with a port from 1 to 65535";
  }
  if (host.empty()) return "must be a URL with a host";
  const bool is_address = host.front() == '[' && host.back() == ']' && host.size() > 2;
  if (!is_address && host.find_first_of("[]<>\"{}|\\^`,;()") != std::string_view::npos) return "must be a URL with a valid host";
  if (!is_address && (host.front() == '.' || host.find("..") != std::string_view::npos)) return "must be a URL with a valid host";
  return {};
}

}  // namespace tidings::config
