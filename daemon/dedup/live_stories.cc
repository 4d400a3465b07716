#include "dedup/live_stories.h"

#include <algorithm>
#include <tuple>

#include "dedup/item_id.h"

namespace tidings::dedup {
namespace {

// Ascends from the last of the order to its first.
auto rank(const Story& story, StoryOrder order) {
  std::int64_t by = 0;
  switch (order) {
    case StoryOrder::outlets: by = static_cast<std::int64_t>(story.outlets.size()); break;
    case StoryOrder::size: by = story.items; break;
    case StoryOrder::last: by = to_micros(story.last); break;
    case StoryOrder::first: by = -to_micros(story.first); break;
  }
  return std::make_tuple(by, story.items, story.last, story.key.high, story.key.low);
}

}  // namespace

LiveStory as_it_stands(const Story& story) {
  const auto outlets = static_cast<std::uint32_t>(std::max<std::size_t>(1, story.outlets.size()));
  return {story_id(story.key), story.items, outlets, story.first, story.last};
}

std::vector<LiveStory> list(const Stories& stories, StoryOrder order, std::size_t limit) {
  std::vector<const Story*> all;
  all.reserve(stories.size());
  stories.each([&](const Story& story) { all.push_back(&story); });
  const std::size_t some = std::min(limit, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(some), all.end(),
                    [&](const Story* a, const Story* b) { return rank(*a, order) > rank(*b, order); });
  std::vector<LiveStory> out;
  out.reserve(some);
  for (std::size_t i = 0; i < some; ++i) out.push_back(as_it_stands(*all[i]));
  return out;
}

}  // namespace tidings::dedup
