#pragma once
// Stories: the items that tell one event, found online by the similarity of their weighted terms to a story's sum of
// them, over an inverted index of the live stories' terms. A story that stays quiet is closed.

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "dedup/options.h"
#include "dedup/terms.h"

namespace tidings::dedup {

// The last `Most` of the numbers put in.
template <std::size_t Most>
class Recent {
 public:
  void put(std::uint32_t number) {
    if (size_ < last_.size()) {
      ++size_;
    } else {
      std::shift_left(last_.begin(), last_.end(), 1);
    }
    last_[size_ - 1] = number;
  }
  std::span<const std::uint32_t> all() const { return {last_.data(), size_}; }

 private:
  std::array<std::uint32_t, Most> last_{};
  std::uint32_t size_ = 0;
};

struct Story {
  Hash128 key;  // of its first item
  Time first;
  Time last;
  std::uint32_t items = 0;             // copies too
  std::uint32_t told = 0;              // items of its own text
  float norm = 0;
  std::uint32_t quieter = UINT32_MAX;  // its neighbours in the order of `last`
  std::uint32_t livelier = UINT32_MAX;
  TermVector terms;                    // sum of its items' vectors, by key
  boost::container::small_vector<std::uint32_t, 2> outlets;  // distinct
  Recent<12> recent;                   // positions of items of late in the window
};

// What is left of a story that was closed.
struct ClosedStory {
  Hash128 key;
  Time first;
  std::uint32_t items = 0;
  std::uint32_t outlets = 0;
};

// What an item is about, by which it is told from others made from one template (earnings, results, weather, rates), that
// share most of their words. Both are empty where there is too little to tell by.
struct KeyTerms {
  TermVector weightiest;
  TermVector names;
};
KeyTerms key_terms(const TermVector& terms, std::span<const std::uint32_t> names);

// Used on one thread. Numbers of stories count up from 0 and are never used twice.
class Stories {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  explicit Stories(const Options& options);

  struct Match {
    std::uint32_t story = kNone;
    double similarity = 0;
  };
  // The live stories most like the terms (a unit vector), best first, at most `most`, none of less than `least`.
  std::vector<Match> find(const TermVector& terms, const KeyTerms& keys, Time now, std::size_t most, double least);

  // Whether the story has what is weightiest, and whether it has such a share of the names.
  bool tells(std::uint32_t story, const KeyTerms& keys) const;
  bool names(std::uint32_t story, const KeyTerms& keys, double share) const;

  std::uint32_t open(const Hash128& key, Time now);
  std::uint32_t find_or_open(const Hash128& key, Time now);
  // `terms` is empty for a copy, which adds nothing to what the story says; `counted`: it is one of its items already.
  void join(std::uint32_t story, const TermVector& terms, std::uint32_t position, Time now, bool counted = false);
  // True where the outlet is new to the story.
  bool add_outlet(std::uint32_t story, std::uint32_t outlet);

  // How alike what two live stories say is, 0 to 1.
  double similarity(std::uint32_t a, std::uint32_t b) const;
  // Makes `other` part of `story`: its number and key are `story`'s from now on.
  void merge(std::uint32_t story, std::uint32_t other);
  // The live story that this number stands for, or kNone.
  std::uint32_t resolve(std::uint32_t story) const {
    if (live(story)) return story;
    const auto found = parts_.find(story);
    return found == parts_.end() ? kNone : found->second.whole;
  }

  bool live(std::uint32_t story) const {
    return story >= first_ && story - first_ < stories_.size() && stories_[story - first_] != nullptr;
  }
  std::uint32_t find(const Hash128& key) const;  // or kNone
  const Story& at(std::uint32_t story) const { return *stories_[story - first_]; }

  // Until release(), or the first find() by terms, the index is only noted down: of many stories told again, as after a
  // restart, most are closed before it is asked.
  void hold_index() { holding_ = true; }
  void release_index();

  // Closes what has been quiet too long, and the quietest where there are too many; the quietest first.
  std::vector<ClosedStory> expire(Time now);
  std::size_t size() const { return size_; }
  // Calls visit with each live story, in the order of their opening.
  template <class Visit>
  void each(Visit visit) const {
    for (const auto& story : stories_) {
      if (story) visit(*story);
    }
  }
  std::size_t bytes() const;

 private:
  struct KeyHash {
    std::size_t operator()(const Hash128& key) const { return static_cast<std::size_t>(key.low ^ key.high); }
  };
  static constexpr float kClosed = -1e30F;
  static constexpr std::size_t kLately = 20;
  float& score(std::uint32_t story) { return scores_[story - first_scored_]; }
  Story& mutable_at(std::uint32_t story) { return *stories_[story - first_]; }
  std::vector<std::uint32_t>& posting(std::uint32_t term) { return postings_[term % postings_.size()]; }
  struct Held {
    std::uint32_t story;
    std::uint32_t term;
  };
  void index(const Story& story, const TermVector& terms, std::uint32_t number);
  void hold_first(const Story& story, std::uint32_t number);
  void put_down(std::uint32_t term, std::uint32_t number);
  void hold(std::uint32_t term, std::uint32_t number);
  // What share of the last items of their own text told it.
  double share_of_late(std::uint32_t number) const;
  std::uint32_t start(std::uint32_t number, const Hash128& key, Time now);
  void trim(Story& story, std::uint32_t number);
  void put_last(std::uint32_t number);
  void take_out(std::uint32_t number);
  ClosedStory close(std::uint32_t number);
  void forget_key(const Hash128& key, std::uint32_t number);

  const Options& options_;
  std::deque<std::unique_ptr<Story>> stories_;  // from number first_; null: closed
  std::uint32_t first_ = 0;
  std::uint32_t quietest_ = kNone;  // ends of the list in the order of `last`
  std::uint32_t liveliest_ = kNone;
  std::size_t size_ = 0;  // live ones
  boost::unordered_flat_map<Hash128, std::uint32_t, KeyHash> by_key_;  // with those that are part of a live one
  struct Part {
    std::uint32_t whole = 0;  // number of the live one
    Hash128 key;
  };
  std::unordered_map<std::uint32_t, Part> parts_;                        // by the number of what was merged
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> wholes_;  // the numbers of the parts of a live one
  std::vector<std::vector<std::uint32_t>> postings_;  // stories by term, with closed ones; terms may share a place
  std::vector<float> scores_;                         // of find(), from number first_scored_; between calls 0, or kClosed
  std::uint32_t first_scored_ = 0;
  Recent<kLately> told_lately_;  // the stories of the last items of their own text
  std::vector<std::unique_ptr<Story>> spare_;  // of closed ones, with their memory
  bool holding_ = false;
  std::vector<Held> held_;
};

}  // namespace tidings::dedup
