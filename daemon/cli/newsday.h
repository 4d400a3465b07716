#pragma once
// The demo newsroom's day: invented outlets and stories read from config/demo/newsday.json, and each outlet's feed
// document as it stands at a time of that day. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tidings::cli {

struct Outlet {
  enum class Behaviour { normal, rekey, timeout, still };
  std::string id;
  std::string name;
  std::string host;    // the loopback address it is served from
  std::string format;  // rss, atom, json
  std::string language;
  Behaviour behaviour = Behaviour::normal;
};

struct DemoStory {
  std::string guid;
  std::string outlet;
  std::chrono::minutes at{0};  // of the day
  std::string title;
  std::string text;
};

struct Newsday {
  std::vector<Outlet> outlets;
  std::vector<DemoStory> stories;  // by time
};

// The error names the member that does not fit.
Result<Newsday> parse_newsday(std::string_view json);

// Where the day stands: midnight of the invented day at `midnight`, `speed` times as fast as ours.
struct DayClock {
  Time midnight;
  double speed = 1;
  std::chrono::minutes at(Time now) const;
  Time when(std::chrono::minutes at) const;
};

struct FeedDocument {
  std::string content_type;
  std::string body;
};

// The outlet's newest 30 entries at `now`, an edited entry in its last form. fetch numbers the answers of an outlet
// that gives its entries new guids each time.
FeedDocument render(const Newsday& day, const Outlet& outlet, const DayClock& clock, Time now, int fetch);

}  // namespace tidings::cli
