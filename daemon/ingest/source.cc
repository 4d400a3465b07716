#include "ingest/source.h"

#include "base/url.h"

namespace tidings::ingest {

std::string politeness_key(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed && !parsed->host.empty() ? registrable_domain(parsed->host) : std::string();
}

}  // namespace tidings::ingest
