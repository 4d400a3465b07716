#include "ingest/source.h"

#include "base/url.h"

namespace tidings::ingest {

std::string politeness_key(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed && !parsed->host.empty() ? registrable_domain(parsed->host) : std::string();
}

void Source::load_learnt(std::string_view bytes) {
  const std::size_t size = schedule::SourceSchedule::saved_bytes();
  if (schedule.load(bytes.substr(0, size)) && bytes.size() > size) moved.load(bytes.substr(size));
}

}  // namespace tidings::ingest
