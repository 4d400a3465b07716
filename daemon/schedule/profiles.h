#pragma once
// The hours at which hosts and languages publish, for sources of which little is known yet.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "schedule/profile.h"

namespace tidings::schedule {

class Profiles {
 public:
  // Notes when items of a source were published. `host` and `language` are the caller's keys; an empty language is one
  // of its own, an empty host is none.
  void add(std::string_view host, std::string_view language, std::span<const Time> published, double weeks_watched);
  // The same for all that a restored source has seen.
  void restore(std::string_view host, std::string_view language, const SmallProfile& profile, double weeks_watched);

  // The host's shape, shrunk to the language's, shrunk to an even week.
  ProfileShape shape(std::string_view host, std::string_view language) const;

 private:
  struct Watched {
    Profile profile;
    float weeks = 0;  // of the source that was watched longest
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  using Map = std::unordered_map<std::string, Watched, Hash, std::equal_to<>>;

  static Watched& at(Map& map, std::string_view key, double weeks_watched);
  static ProfileShape shape(const Map& map, std::string_view key, const ProfileShape& prior);

  Map hosts_;
  Map languages_;
};

}  // namespace tidings::schedule
