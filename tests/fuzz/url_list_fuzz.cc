// Plain lists of sources: what is read has an id, a URL and its line, and what is not is told.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "config/source_id.h"
#include "config/url_check.h"
#include "config/url_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tidings::config;
  std::vector<Mistake> mistakes;
  std::uint32_t line = 0;
  for (const auto& draft : read_url_list("x.urls", {reinterpret_cast<const char*>(bytes), size}, mistakes)) {
    if (!is_id(draft.source.id) || !url_flaw(draft.source.url).empty() || draft.line <= line) std::abort();
    line = draft.line;
  }
  for (const auto& mistake : mistakes) {
    if (mistake.line == 0 || mistake.message.empty()) std::abort();
  }
  return 0;
}
