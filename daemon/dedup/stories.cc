#include "dedup/stories.h"

#include <algorithm>
#include <cmath>

namespace tidings::dedup {
namespace {

constexpr std::size_t kStoryTerms = 48;
constexpr std::size_t kRecent = 16;

}  // namespace

std::vector<Stories::Match> Stories::find(const TermVector& terms, Time now, std::size_t most) const {
  std::unordered_map<std::uint32_t, double> scores;
  for (const Term& term : terms) {
    const auto found = by_term_.find(term.key);
    if (found == by_term_.end()) continue;
    for (const std::uint32_t story : found->second) {
      const auto& its = stories_.at(story).terms;
      const auto at = std::lower_bound(its.begin(), its.end(), term.key, [](const Term& t, std::uint32_t key) { return t.key < key; });
      scores[story] += static_cast<double>(term.weight) * static_cast<double>(at->weight);
    }
  }
  std::vector<Match> out;
  for (const auto& [story, score] : scores) {
    const Story& its = stories_.at(story);
    if (now - its.last > options_.story_idle) continue;
    out.push_back({story, score});
  }
  const auto some = static_cast<std::ptrdiff_t>(std::min(most, out.size()));
  std::partial_sort(out.begin(), out.begin() + some, out.end(), [](const Match& a, const Match& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.story < b.story;
  });
  out.resize(static_cast<std::size_t>(some));
  return out;
}

std::uint32_t Stories::open(const Hash128& key, Time now) {
  const std::uint32_t story = next_++;
  Story& made = stories_[story];
  made.key = key;
  made.first = made.last = now;
  by_key_.emplace(key, story);
  return story;
}

void Stories::join(std::uint32_t story, const TermVector& terms, std::uint32_t item, Time now) {
  Story& its = stories_.at(story);
  its.last = std::max(its.last, now);
  ++its.items;
  its.recent.push_back(item);
  if (its.recent.size() > kRecent) its.recent.erase(its.recent.begin());
  if (terms.empty()) return;
  for (const Term& term : its.terms) std::erase(by_term_[term.key], story);
  std::unordered_map<std::uint32_t, float> sum;
  const auto before = static_cast<float>(std::min(its.items - 1, 8U));
  for (const Term& term : its.terms) sum[term.key] += term.weight * before;
  for (const Term& term : terms) sum[term.key] += term.weight;
  its.terms.clear();
  for (const auto& [key, weight] : sum) its.terms.push_back({key, weight});
  std::sort(its.terms.begin(), its.terms.end(), [](const Term& a, const Term& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.key < b.key;
  });
  if (its.terms.size() > kStoryTerms) its.terms.resize(kStoryTerms);
  float square = 0;
  for (const Term& term : its.terms) square += term.weight * term.weight;
  for (Term& term : its.terms) term.weight /= std::sqrt(square);
  std::sort(its.terms.begin(), its.terms.end(), [](const Term& a, const Term& b) { return a.key < b.key; });
  for (const Term& term : its.terms) by_term_[term.key].push_back(story);
}

bool Stories::add_outlet(std::uint32_t story, std::uint32_t outlet) {
  auto& outlets = stories_.at(story).outlets;
  if (std::find(outlets.begin(), outlets.end(), outlet) != outlets.end()) return false;
  outlets.push_back(outlet);
  return true;
}

const std::uint32_t* Stories::find(const Hash128& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &found->second;
}

std::vector<Story> Stories::expire(Time now) {
  std::vector<Story> closed;
  std::vector<std::uint32_t> gone;
  for (const auto& [number, story] : stories_) {
    if (now - story.last > options_.story_idle) gone.push_back(number);
  }
  std::sort(gone.begin(), gone.end());
  for (const std::uint32_t number : gone) {
    Story& story = stories_.at(number);
    for (const Term& term : story.terms) {
      auto& its = by_term_[term.key];
      std::erase(its, number);
      if (its.empty()) by_term_.erase(term.key);
    }
    by_key_.erase(story.key);
    closed.push_back(std::move(story));
    stories_.erase(number);
  }
  return closed;
}

}  // namespace tidings::dedup
