#include "schedule/redirects.h"

namespace tidings::schedule {

bool PermanentRedirect::see(std::string_view permanent_target, bool is_feed, Time now) {
  if (permanent_target.empty() || !is_feed) {
    *this = {};
    return false;
  }
  if (target != permanent_target) {
    target = permanent_target;
    first_seen = now;
    sightings = 0;
  }
  ++sightings;
  return sightings >= kSightings && now - first_seen >= kPeriod;
}

}  // namespace tidings::schedule
