// OPML: the sources that are read can be written, and are read again.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "config/opml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto opml = tidings::config::read_opml({reinterpret_cast<const char*>(bytes), size});
  if (!opml) return 0;
  std::set<std::string> ids;
  for (const auto& source : opml->sources) {
    if (source.url.empty() || source.id.empty() || !ids.insert(source.id).second) std::abort();
  }
  const std::string written = tidings::config::write_opml(opml->sources, opml->title);
  const auto again = tidings::config::read_opml(written);
  if (!again || again->sources.size() != opml->sources.size()) std::abort();
  for (std::size_t i = 0; i < again->sources.size(); ++i) {
    if (again->sources[i].url != opml->sources[i].url) std::abort();
  }
  return 0;
}
