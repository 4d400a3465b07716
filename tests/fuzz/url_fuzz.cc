// URLs: the first line is the base, the second the reference. What was read and written is read the same again; what is
// absolute stays what it is.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/url.h"

namespace {

void check(bool fine) {
  if (!fine) std::abort();
}

void round(std::string_view text) {
  const auto url = tidings::parse_url(text);
  if (!url) return;
  const std::string written = tidings::to_string(*url);
  const auto again = tidings::parse_url(written);
  check(again.has_value());
  check(tidings::to_string(*again) == written);
  check(again->host == url->host && again->scheme == url->scheme && again->port == url->port);
  const std::string owner = tidings::registrable_domain(url->host);
  check(owner.size() <= url->host.size());
  check(tidings::registrable_domain(owner) == owner);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view base = input.substr(0, end);
  const std::string_view reference = input.substr(std::min(end + 1, input.size()));
  round(base);
  round(reference);
  const std::string resolved = tidings::resolve_url(base, reference);
  tidings::url_scheme(resolved);
  if (tidings::parse_url(base) && tidings::parse_url(resolved)) check(tidings::resolve_url(base, resolved) == resolved);
  return 0;
}
