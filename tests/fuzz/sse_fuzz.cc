// Server-sent events: any bytes, cut anywhere, give the same events, each valid UTF-8 and within the bound.

#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "http/sse.h"

namespace {

constexpr std::size_t kMaxEvent = 4096;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tidings;
  const std::string_view stream(reinterpret_cast<const char*>(bytes), size);
  http::SseReader whole(kMaxEvent);
  const auto at_once = whole.read(stream);
  http::SseReader pieces(kMaxEvent);
  std::vector<http::SseEvent> piecewise;
  bool failed = false;
  std::size_t step = size > 0 ? bytes[0] % 7 + 1 : 1;
  for (std::size_t at = 0; at < size && !failed; at += step) {
    auto some = pieces.read(stream.substr(at, step));
    failed = !some;
    if (some) piecewise.insert(piecewise.end(), some->begin(), some->end());
  }
  require(failed == !at_once);
  if (!at_once) return 0;
  require(*at_once == piecewise);
  require(whole.last_event_id() == pieces.last_event_id() && whole.retry() == pieces.retry());
  for (const auto& event : *at_once) {
    require(!event.type.empty() && text::is_valid_utf8(event.type) && text::is_valid_utf8(event.data));
    require(text::is_valid_utf8(event.id));
  }
  return 0;
}
