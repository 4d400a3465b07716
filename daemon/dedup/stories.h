#pragma once
// Stories: the items that tell one event, found online by the similarity of their weighted terms to a story's sum of
// them, over an inverted index of the live stories' terms. A story that stays quiet is closed.

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
  std::vector<std::uint32_t> outlets;  // distinct
  std::vector<std::uint32_t> recent;   // positions of items of late in the window
  std::vector<std::uint32_t> merged;   // numbers of the stories that are now part of it
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
  // `terms` is empty for a copy, which adds nothing to what the story says; `counted`: it is one of its items already.
  void join(std::uint32_t story, const TermVector& terms, std::uint32_t position, Time now, bool counted = false);
  // True where the outlet is new to the story.
  bool add_outlet(std::uint32_t story, std::uint32_t outlet);

  // How alike what two live stories say is, 0 to 1.
  double similarity(std::uint32_t a, std::uint32_t b) const;
  // Makes `other` part of `story`: its number and key are `story`'s from now on. Returns it as it was.
  Story merge(std::uint32_t story, std::uint32_t other);
  // The live story that this number stands for, or kNone.
  std::uint32_t resolve(std::uint32_t story) const {
    if (live(story)) return story;
    const auto found = merged_.find(story);
    return found == merged_.end() ? kNone : found->second;
  }

  bool live(std::uint32_t story) const {
    return story >= first_ && story - first_ < stories_.size() && stories_[story - first_] != nullptr;
  }
  std::uint32_t find(const Hash128& key) const;  // or kNone
  const Story& at(std::uint32_t story) const { return *stories_[story - first_]; }

  // Closes what has been quiet too long, and the quietest where there are too many; the quietest first.
  std::vector<Story> expire(Time now);
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
  float& score(std::uint32_t story) { return scores_[story - first_scored_]; }
  Story& mutable_at(std::uint32_t story) { return *stories_[story - first_]; }
  std::vector<std::uint32_t>& posting(std::uint32_t term) { return postings_[term % postings_.size()]; }
  void put_down(std::uint32_t term, std::uint32_t number);
  void trim(Story& story, std::uint32_t number);
  void put_last(std::uint32_t number);
  void take_out(std::uint32_t number);
  Story close(std::uint32_t number);
  void forget_key(const Hash128& key, std::uint32_t number);

  const Options& options_;
  std::deque<std::unique_ptr<Story>> stories_;  // from number first_; null: closed
  std::uint32_t first_ = 0;
  std::uint32_t quietest_ = kNone;  // ends of the list in the order of `last`
  std::uint32_t liveliest_ = kNone;
  std::size_t size_ = 0;                    // live ones
  std::unordered_map<Hash128, std::uint32_t, KeyHash> by_key_;     // with those merged into a live one
  std::unordered_map<std::uint32_t, std::uint32_t> merged_;  // number of a merged one -> of the live one
  std::unordered_map<std::uint32_t, Hash128> merged_keys_;
  std::vector<std::vector<std::uint32_t>> postings_;  // stories by term, with closed ones; terms may share a place
  std::vector<float> scores_;                         // of find(), from number first_scored_; between calls 0, or kClosed
  std::uint32_t first_scored_ = 0;
};

}  // namespace tidings::dedup
