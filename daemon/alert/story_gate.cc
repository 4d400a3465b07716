#include "alert/story_gate.h"

#include "base/hash.h"

namespace tidings::alert {
namespace {

std::uint64_t key_of(std::string_view rule_id, std::string_view story) { return hash64(story, hash64(rule_id)); }

}  // namespace

bool StoryGate::pass(const model::Rule& rule, std::string_view story, Time now) {
  const bool once = rule.once_per_story && !story.empty();
  const std::uint64_t key = key_of(rule.id, story);
  if (once && known_.contains(key)) return false;
  if (rule.throttle > Millis(0)) {
    const auto last = last_alert_.find(rule.id);
    if (last != last_alert_.end() && now - last->second < rule.throttle) return false;
    last_alert_[rule.id] = now;
  }
  if (once) remember(key);
  return true;
}

void StoryGate::restore(std::string_view rule_id, std::string_view story, Time time) {
  if (!story.empty()) remember(key_of(rule_id, story));
  last_alert_[std::string(rule_id)] = time;
}

void StoryGate::remember(std::uint64_t key) {
  if (!known_.insert(key).second) return;
  order_.push_back(key);
  if (order_.size() <= max_stories_) return;
  known_.erase(order_.front());
  order_.pop_front();
}

}  // namespace tidings::alert
