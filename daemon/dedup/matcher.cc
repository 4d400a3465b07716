#include "dedup/matcher.h"

#include <algorithm>
#include <vector>

namespace tidings::dedup {
namespace {

// Two items under one URL are one if so much of the shorter is in the longer; less, and the URL is not the item's own
// (a front page, a live page).
constexpr double kSameUrlContainment = 0.2;

// What the candidates of one group of copies said.
struct Group {
  std::uint64_t head = 0;
  std::optional<Match> copy;    // the best
  std::optional<Match> update;  // the best
};

bool better(const Match& a, const std::optional<Match>& b) {
  return !b || a.how.jaccard > b->how.jaccard || (a.how.jaccard == b->how.jaccard && a.position < b->position);
}

class Verifier {
 public:
  Verifier(const Window& window, const CopyFeatures& mine, const Options& options, MatchCost& cost)
      : window_(window), mine_(mine), options_(options), cost_(cost) {}

  void look_at(std::uint32_t position) {
    if (!window_.holds(position) || std::find(seen_.begin(), seen_.end(), position) != seen_.end()) return;
    seen_.push_back(position);
    ++cost_.verifications;
    if (!may_contain(window_.packed(position), mine_, options_.copy_containment)) return;
    Match match{position, compare_copies(window_.features(position), mine_, options_)};
    if (match.how.relation != Relation::duplicate && match.how.relation != Relation::update) return;
    Group& group = group_of(window_.at(position).head);
    auto& best = match.how.relation == Relation::duplicate ? group.copy : group.update;
    if (better(match, best)) best = std::move(match);
  }

  // A copy of one item of a group that differs in a figure from another one is an update of the group: the first may be
  // too short to have the figure.
  std::optional<Match> verdict() {
    for (std::size_t i = 0; i < groups_.size(); ++i) look_at(window_.by_head(groups_[i].head));
    std::optional<Match> copy;
    std::optional<Match> update;
    for (Group& group : groups_) {
      auto& best = group.update ? update : copy;
      auto& its = group.update ? group.update : group.copy;
      if (its && better(*its, best)) best = std::move(*its);
    }
    return copy ? std::move(copy) : std::move(update);
  }

 private:
  Group& group_of(std::uint64_t head) {
    for (Group& group : groups_) {
      if (group.head == head) return group;
    }
    Group made;
    made.head = head;
    groups_.push_back(std::move(made));
    return groups_.back();
  }

  const Window& window_;
  const CopyFeatures& mine_;
  const Options& options_;
  MatchCost& cost_;
  std::vector<std::uint32_t> seen_;
  std::vector<Group> groups_;
};

// The same URL or the same text.
std::optional<Match> exact_match(const Window& window, const Features& features, const CopyFeatures& mine, const Options& options) {
  if (const std::uint32_t at = window.by_url(features.url_key); at != KeyTable::kNone) {
    Match match{at, compare_copies(window.features(at), mine, options)};
    // A page that always shows the latest under a short title has a text that differs, and no shingles to tell by.
    if (match.how.same_text || match.how.containment >= kSameUrlContainment) {
      match.how.layer = window.at(at).source == features.source ? "rekeyed" : "url";
      if (match.how.relation != Relation::update) match.how.relation = Relation::duplicate;
      return match;
    }
  }
  if (const std::uint32_t at = window.by_text(features.text_key); at != KeyTable::kNone) {
    Match match{at, compare_copies(window.features(at), mine, options)};
    if (match.how.layer == "text") {
      // With a URL of its own it may be the next of a series under one text ("Five things to know this morning").
      const bool same_source = window.at(at).source == features.source && features.source != 0;
      if (same_source && features.url_key == 0) match.how.layer = "rekeyed";
      return match;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Match> find_match(const Window& window, const Features& features, std::span<const std::uint32_t> related,
                                const Options& options, MatchCost& cost) {
  const CopyFeatures mine = copy_features(features);
  if (auto match = exact_match(window, features, mine, options)) return match;
  if (features.sketch.empty()) return std::nullopt;
  std::vector<Near> near = window.near(features.simhash);
  cost.candidates += near.size();
  const auto some = static_cast<std::ptrdiff_t>(std::min(near.size(), options.max_candidates));
  std::partial_sort(near.begin(), near.begin() + some, near.end(), [](const Near& a, const Near& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.position < b.position;
  });
  Verifier verifier(window, mine, options, cost);
  near.resize(static_cast<std::size_t>(some));
  // They lie all over the memory: all are asked for before the first is waited for.
  for (const Near& candidate : near) window.prefetch_at(candidate.position);
  for (const Near& candidate : near) window.prefetch_packed(candidate.position);
  for (const Near& candidate : near) verifier.look_at(candidate.position);
  if (const std::uint32_t at = window.by_title(features.title_key); at != KeyTable::kNone) verifier.look_at(at);
  for (const std::uint32_t position : related) verifier.look_at(position);
  return verifier.verdict();
}

}  // namespace tidings::dedup
