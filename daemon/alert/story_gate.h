#pragma once
// Lets one alert of a rule through for each story, and keeps a rule's alerts apart by its throttle. Memory is bounded:
// where there are more, the stories that alerted longest ago are forgotten first.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/clock.h"
#include "model/alert.h"

namespace tidings::alert {

class StoryGate {
 public:
  explicit StoryGate(std::size_t max_stories) : max_stories_(max_stories) {}

  // Whether an alert of this rule goes out now; what goes out is remembered. `story`: of the item, empty: it has none
  // and is one of its own.
  bool pass(const model::Rule& rule, std::string_view story, Time now);
  // At the start, for each alert in the store, oldest first: as if it had just gone out.
  void restore(std::string_view rule_id, std::string_view story, Time time);

  std::size_t size() const { return known_.size(); }

 private:
  void remember(std::uint64_t key);

  std::size_t max_stories_;
  std::unordered_set<std::uint64_t> known_;  // hashes of rule and story
  std::deque<std::uint64_t> order_;          // the same, oldest first
  std::unordered_map<std::string, Time> last_alert_;  // by rule id
};

}  // namespace tidings::alert
