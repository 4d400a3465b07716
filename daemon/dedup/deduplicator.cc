#include "dedup/deduplicator.h"

#include <algorithm>
#include <unordered_map>

#include "dedup/item_id.h"
#include "dedup/near_index.h"
#include "dedup/record.h"
#include "dedup/stories.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kItemTerms = 48;
constexpr std::uint32_t kNone = UINT32_MAX;

}  // namespace

std::string_view name_of(StoryEvent::Kind kind) {
  switch (kind) {
    case StoryEvent::Kind::created: return "created";
    case StoryEvent::Kind::joined: return "joined";
    case StoryEvent::Kind::updated: return "updated";
    case StoryEvent::Kind::merged: return "merged";
    case StoryEvent::Kind::milestone: return "milestone";
    case StoryEvent::Kind::closed: return "closed";
  }
  return "created";
}

class Deduplicator::Impl {
 public:
  explicit Impl(Options options) : options_(std::move(options)), stories_(options_) {}

  Decision decide(const model::Item& item, const Features& features, const std::optional<Known>& known, Time now) {
    ++tally_.decided;
    Decision out;
    if (known && known->content_hash == features.content_hash) {
      ++tally_.unchanged;
      out.unchanged = true;
      return out;
    }
    out.events = expire(now);
    const Hash128 key = item_key(item.id);
    Remembered record;
    record.item = record.head = key;
    record.seen = now;
    record.features = features;
    out.verdict.simhash = features.simhash;
    const TermVector terms = weigh(features.terms, rarity_, kItemTerms);
    const auto like = stories_.find(terms, now, 4);
    std::uint32_t story = kNone;
    if (known) {
      out.verdict.kind = model::VerdictKind::update;
      out.verdict.rev = known->rev + 1;
      out.verdict.of = item.id;
      out.verdict.layer = "guid";
      out.verdict.changed = "text";
      if (const auto* live = stories_.find(story_key(known->story))) story = *live;
    } else if (const auto match = best_match(features, like)) {
      const Remembered& other = window_[match->position];
      const bool copy = match->how.relation == Relation::duplicate;
      out.verdict.kind = copy ? model::VerdictKind::duplicate : model::VerdictKind::update;
      out.verdict.of = item_id(other.head);
      out.verdict.layer = match->how.layer;
      out.verdict.distance = match->how.distance;
      out.verdict.similarity = match->how.containment;
      out.verdict.changed = match->how.changed;
      if (copy) record.head = other.head;
      record.duplicate = copy;
      if (const auto* live = stories_.find(other.story)) story = *live;
    }
    if (story == kNone && !like.empty() && like.front().similarity >= options_.story_similarity) {
      story = like.front().story;
      if (out.verdict.layer.empty()) out.verdict.layer = "story";
    }
    const bool opened = story == kNone;
    if (opened) story = stories_.open(key, now);
    if (out.verdict.layer.empty()) out.verdict.layer = "none";
    stories_.join(story, record.duplicate ? TermVector{} : terms, static_cast<std::uint32_t>(window_.size()), now);
    const bool new_outlet = !record.duplicate && stories_.add_outlet(story, features.outlet);
    const Story& its = stories_.at(story);
    record.story = its.key;
    out.verdict.story = story_id(its.key);
    out.verdict.story_size = its.items;
    out.verdict.story_outlets = static_cast<std::uint32_t>(std::max<std::size_t>(1, its.outlets.size()));
    const auto tell = [&](StoryEvent::Kind kind) {
      out.events.push_back({kind, out.verdict.story, item.id, item.title, {}, its.items, out.verdict.story_outlets, its.first, now});
    };
    if (opened) {
      tell(StoryEvent::Kind::created);
    } else {
      tell(out.verdict.kind == model::VerdictKind::update ? StoryEvent::Kind::updated : StoryEvent::Kind::joined);
    }
    if (new_outlet && (its.outlets.size() == 3 || its.outlets.size() == 10 || its.outlets.size() == 30)) tell(StoryEvent::Kind::milestone);
    if (!record.duplicate) rarity_.learn(features.terms);
    record.features.terms.resize(std::min(record.features.terms.size(), kItemTerms));
    out.memory = encode(record);
    remember(std::move(record));
    return out;
  }

  Result<void> restore(std::string_view memory) {
    auto record = decode(memory);
    if (!record) return record.error();
    const auto* live = stories_.find(record->story);
    const std::uint32_t story = live != nullptr ? *live : stories_.open(record->story, record->seen);
    const TermVector terms = record->duplicate ? TermVector{} : weigh(record->features.terms, rarity_, kItemTerms);
    stories_.join(story, terms, static_cast<std::uint32_t>(window_.size()), record->seen);
    if (!record->duplicate) {
      stories_.add_outlet(story, record->features.outlet);
      rarity_.learn(record->features.terms);
    }
    remember(std::move(*record));
    return {};
  }

  std::vector<StoryEvent> expire(Time now) {
    std::vector<StoryEvent> out;
    if (now - last_expiry_ < std::chrono::minutes(1)) return out;
    last_expiry_ = now;
    for (const Story& story : stories_.expire(now)) {
      out.push_back({StoryEvent::Kind::closed, story_id(story.key), {}, {}, {}, story.items,
                     static_cast<std::uint32_t>(story.outlets.size()), story.first, now});
    }
    return out;
  }

  Options options_;
  Rarity rarity_;
  Stories stories_;
  Tally tally_;
  std::vector<Remembered> window_;

 private:
  struct Match {
    std::uint32_t position = 0;
    Comparison how;
  };

  void remember(Remembered record) {
    const auto position = static_cast<std::uint32_t>(window_.size());
    fingerprints_.push_back(record.features.simhash);
    const Features& f = record.features;
    if (f.url_key != 0) by_url_.insert_or_assign(f.url_key, position);
    if (f.text_key != 0) by_text_.try_emplace(f.text_key, position);
    if (f.title_key != 0) by_title_.try_emplace(f.title_key, position);
    window_.push_back(std::move(record));
  }

  std::optional<Match> best_match(const Features& features, const std::vector<Stories::Match>& like) {
    if (const auto same = by_url_.find(features.url_key); features.url_key != 0 && same != by_url_.end()) return exact(features, same->second, "url");
    if (const auto same = by_text_.find(features.text_key); features.text_key != 0 && same != by_text_.end()) return exact(features, same->second, "text");
    std::vector<Near> near = scan(fingerprints_, features.simhash, features.sketch.empty() ? -1 : options_.max_distance);
    tally_.candidates += near.size();
    std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) { return a.distance < b.distance; });
    if (near.size() > options_.max_candidates) near.resize(options_.max_candidates);
    if (const auto same = by_title_.find(features.title_key); features.title_key != 0 && same != by_title_.end()) near.push_back({same->second, 0});
    for (const auto& story : like) {
      for (const std::uint32_t position : stories_.at(story.story).recent) near.push_back({position, 0});
    }
    std::optional<Match> best;
    for (const Near& candidate : near) {
      ++tally_.verifications;
      Comparison how = compare_copies(window_[candidate.position].features, features, options_);
      if (how.relation != Relation::duplicate && how.relation != Relation::update) continue;
      const auto rank = [](const Comparison& c) { return std::pair(c.relation == Relation::duplicate, c.jaccard); };
      if (!best || rank(how) > rank(best->how) || (rank(how) == rank(best->how) && candidate.position < best->position)) best = Match{candidate.position, std::move(how)};
    }
    return best;
  }

  std::optional<Match> exact(const Features& features, std::uint32_t position, std::string_view layer) {
    Match out;
    out.position = position;
    out.how = compare_copies(window_[position].features, features, options_);
    out.how.relation = Relation::duplicate;
    out.how.layer = window_[position].features.source == features.source ? "rekeyed" : layer;
    return out;
  }

  std::vector<std::uint64_t> fingerprints_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_url_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_text_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_title_;
  Time last_expiry_;
};

Deduplicator::Deduplicator(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Deduplicator::~Deduplicator() = default;
Deduplicator::Deduplicator(Deduplicator&&) noexcept = default;
Deduplicator& Deduplicator::operator=(Deduplicator&&) noexcept = default;

Decision Deduplicator::decide(const model::Item& item, const Features& features, const std::optional<Known>& known, Time now) {
  return impl_->decide(item, features, known, now);
}
Result<void> Deduplicator::restore(std::string_view memory) { return impl_->restore(memory); }
std::vector<StoryEvent> Deduplicator::expire(Time now) { return impl_->expire(now); }
const Tally& Deduplicator::tally() const { return impl_->tally_; }
std::size_t Deduplicator::window_items() const { return impl_->window_.size(); }
std::size_t Deduplicator::stories() const { return impl_->stories_.size(); }
std::size_t Deduplicator::bytes() const { return impl_->rarity_.bytes(); }
const Rarity& Deduplicator::rarity() const { return impl_->rarity_; }
const Options& Deduplicator::options() const { return impl_->options_; }

}  // namespace tidings::dedup
