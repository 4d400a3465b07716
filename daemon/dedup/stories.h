#pragma once
// Stories: the items that tell one event, found online by the similarity of their weighted terms to a story's, over an
// inverted index of the live stories' terms.

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "dedup/options.h"
#include "dedup/terms.h"

namespace tidings::dedup {

struct Story {
  Hash128 key;  // of its first item
  Time first;
  Time last;
  std::uint32_t items = 0;
  TermVector terms;                    // unit vector
  std::vector<std::uint32_t> outlets;  // distinct
  std::vector<std::uint32_t> recent;   // items of late, as the window numbers them
};

// Used on one thread. Positions of stories stay good until they close.
class Stories {
 public:
  explicit Stories(const Options& options) : options_(options) {}

  struct Match {
    std::uint32_t story = 0;
    double similarity = 0;
  };
  // The stories most like the terms, best first.
  std::vector<Match> find(const TermVector& terms, Time now, std::size_t most) const;

  std::uint32_t open(const Hash128& key, Time now);
  void join(std::uint32_t story, const TermVector& terms, std::uint32_t item, Time now);
  // True where the outlet is new to the story.
  bool add_outlet(std::uint32_t story, std::uint32_t outlet);
  // The story of this key, if it is live.
  const std::uint32_t* find(const Hash128& key) const;
  const Story& at(std::uint32_t story) const { return stories_.at(story); }
  // Closes what has been quiet too long; returns what closed.
  std::vector<Story> expire(Time now);
  std::size_t size() const { return stories_.size(); }

 private:
  struct KeyHash {
    std::size_t operator()(const Hash128& key) const { return static_cast<std::size_t>(key.low ^ key.high); }
  };

  const Options& options_;
  std::uint32_t next_ = 0;
  std::unordered_map<std::uint32_t, Story> stories_;
  std::unordered_map<Hash128, std::uint32_t, KeyHash> by_key_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_term_;
};

}  // namespace tidings::dedup
