#include "schedule/redirects.h"

#include <cstring>

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

std::string PermanentRedirect::save() const {
  if (target.empty()) return {};
  const std::int64_t first = to_micros(first_seen);
  std::string bytes(reinterpret_cast<const char*>(&first), sizeof first);
  bytes.append(reinterpret_cast<const char*>(&sightings), sizeof sightings);
  return bytes + target;
}

bool PermanentRedirect::load(std::string_view bytes) {
  std::int64_t first = 0;
  if (bytes.size() <= sizeof first + sizeof sightings) return false;
  std::memcpy(&first, bytes.data(), sizeof first);
  std::memcpy(&sightings, bytes.data() + sizeof first, sizeof sightings);
  first_seen = from_micros(first);
  target = bytes.substr(sizeof first + sizeof sightings);
  return true;
}

}  // namespace tidings::schedule
