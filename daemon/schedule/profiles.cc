#include "schedule/profiles.h"

#include <algorithm>

namespace tidings::schedule {

void Profiles::add(std::string_view host, std::string_view language, std::span<const Time> published, double weeks_watched) {
  if (published.empty()) return;
  Watched& of_language = at(languages_, language, weeks_watched);
  for (const Time time : published) of_language.profile.add(time);
  if (host.empty()) return;
  Watched& of_host = at(hosts_, host, weeks_watched);
  for (const Time time : published) of_host.profile.add(time);
}

void Profiles::restore(std::string_view host, std::string_view language, const SmallProfile& profile, double weeks_watched) {
  if (!host.empty()) at(hosts_, host, weeks_watched).profile.add(profile);
  at(languages_, language, weeks_watched).profile.add(profile);
}

ProfileShape Profiles::shape(std::string_view host, std::string_view language) const {
  return shape(hosts_, host, shape(languages_, language, flat_shape()));
}

Profiles::Watched& Profiles::at(Map& map, std::string_view key, double weeks_watched) {
  auto found = map.find(key);
  if (found == map.end()) found = map.emplace(std::string(key), Watched()).first;
  found->second.weeks = std::max(found->second.weeks, static_cast<float>(weeks_watched));
  return found->second;
}

ProfileShape Profiles::shape(const Map& map, std::string_view key, const ProfileShape& prior) {
  const auto found = map.find(key);
  if (found == map.end()) return prior;
  return shrink(found->second.profile, prior, static_cast<double>(found->second.weeks));
}

}  // namespace tidings::schedule
