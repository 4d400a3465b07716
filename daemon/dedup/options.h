#pragma once
// Telling stories once: what the user may set.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/clock.h"

namespace tidings::dedup {

struct Options {
  // Copies are looked for among the items of so long back. Longer finds late syndication and re-announced archives, and
  // costs about 400 bytes an item.
  std::chrono::hours window{7 * 24};
  // The most items kept, whatever their age; the oldest go first.
  std::size_t max_items = 1'000'000;

  // SimHash distance (of 64 bits) up to which an item is a candidate. Candidates are verified, so more of them cost time
  // (a linear scan finds them all alike), not precision; below 10 most copies in the news are missed.
  int max_distance = 16;
  // The most candidates that are verified for one item, nearest first.
  std::size_t max_candidates = 24;
  // Share of the shorter text's shingles that must be in the longer one for a copy. Lower finds more heavily rewritten
  // copies and takes reports from one template for copies.
  double copy_containment = 0.5;

  // A story takes in new items for so long after its last one. Longer keeps slow stories whole and joins recurring events.
  std::chrono::hours story_idle{7 * 24};
  // The most live stories; the one that was quiet longest is closed first.
  std::size_t max_stories = 200'000;
  // Similarity (0 to 1) from which a full text joins a story; less is asked of short texts, in which less can agree.
  // Higher splits stories, lower glues neighbours together.
  double story_similarity = 0.4;
  // Similarity from which compare says that two items tell one event.
  double pair_similarity = 0.24;
  // The same for items in different languages, by names, places and numbers alone.
  double cross_similarity = 0.16;

  // Owner groups: registrable domain or source name -> owner. Outlets of one owner count once in a story.
  std::map<std::string, std::string> owners;
};

}  // namespace tidings::dedup
