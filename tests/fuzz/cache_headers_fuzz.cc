// Response headers that say when to ask again, one "name: value" a line, and the schedule that they move.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "schedule/source_schedule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tidings;
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  const Time now = from_micros(1'800'000'000'000'000);
  schedule::Poll poll;
  poll.status = size % 2 == 0 ? 200 : 503;
  for (const std::string_view line : text::split(input, '\n')) {
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) poll.headers.add(line.substr(0, colon), line.substr(colon + 1));
  }
  const auto fresh = poll.headers.fresh_for(now);
  const auto retry = poll.headers.retry_after(now);
  if ((fresh && *fresh < Seconds(0)) || (retry && *retry < Seconds(0))) std::abort();
  const schedule::Options options;
  schedule::SourceSchedule source{model::Source()};
  const auto decision = source.next(poll, now, schedule::Conditions{options});
  if (decision.at <= now || decision.at > now + std::chrono::hours(48)) std::abort();
  return 0;
}
