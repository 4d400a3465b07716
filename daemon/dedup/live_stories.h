#pragma once
// The live stories as people list them.

#include <vector>

#include "dedup/deduplicator.h"
#include "dedup/stories.h"

namespace tidings::dedup {

LiveStory as_it_stands(const Story& story);
// The first `limit` in this order; of equals, the latest and then the greater id first.
std::vector<LiveStory> list(const Stories& stories, StoryOrder order, std::size_t limit);

}  // namespace tidings::dedup
