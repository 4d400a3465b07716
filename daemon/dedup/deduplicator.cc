#include "dedup/deduplicator.h"

#include <algorithm>
#include <deque>

#include "dedup/item_id.h"
#include "dedup/live_stories.h"
#include "dedup/matcher.h"
#include "dedup/record.h"
#include "dedup/stories.h"
#include "dedup/window.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kItemTerms = 32;
// A text of so many terms is a full one.
constexpr double kFullTerms = 100;
// The items of so many stories are looked at for copies.
constexpr std::size_t kLikely = 3;
// Of a story less like an item than this, no item is a copy of it.
constexpr double kLeastLikely = 0.08;
// A copy of so much leaves no room for other facts, but for figures.
constexpr double kSureContainment = 0.8;
// An update has so much of the names of what it updates; a copy that is not sure (shortened, rewritten, misread) so much.
constexpr double kUpdateNames = 0.55;
constexpr double kCopyNames = 0.2;
// What an entry shares at least with itself under another id, where nothing of it was edited.
constexpr double kSameContent = 0.95;
// Two stories are one where an item is so much more like both of them than it takes to join, and they so alike on the whole.
constexpr double kTwinLikeness = 1.3;
constexpr double kTwinSimilarity = 0.3;
// A piece that says at its head that it updates, corrects or withdraws an earlier one of its outlet need not repeat it: so
// much of what it takes to join a story is enough.
constexpr double kMarkedLikeness = 0.5;
constexpr std::size_t kMilestones[] = {3, 10, 30};
// The outlet of a record whose text is another's.
constexpr std::uint32_t kNoOutlet = 0;

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
  explicit Impl(Options options) : options_(std::move(options)), stories_(options_), window_(options_.max_distance, options_.max_items) {}
  Impl(const Impl&) = delete;  // stories_ refers to options_
  Impl& operator=(const Impl&) = delete;

  Decision decide(const model::Item& item, const Features& features, const std::optional<Known>& known, Time now) {
    ++tally_.decided;
    Decision out;
    out.verdict.simhash = features.simhash;
    if (known && known->content_hash == features.content_hash) {
      ++tally_.unchanged;
      out.unchanged = true;
      return out;
    }
    out.events = expire(now);
    const CopyFeatures mine = copy_features(features);
    Remembered record = remember(item, features, mine, now);
    record.edited = known.has_value();

    TermVector terms = coarsen(weigh(features.terms, rarity_, features.language, kItemTerms));
    const KeyTerms keys = key_terms(terms, features.names);
    auto like = stories_.find(terms, keys, now, kLikely, kLeastLikely);
    std::uint32_t story = Stories::kNone;
    if (known) {
      update_itself(item, mine, *known, out.verdict);
      story = stories_.find(story_key(known->story));
      out.own = true;
    } else if (const auto match = find_match(window_, features, related_to(like), options_, cost_); match && is_template(*match, keys)) {
      std::erase_if(like, [&](const auto& one) { return one.story == stories_.resolve(window_.at(match->position).story); });
    } else if (match) {
      const Kept& other = window_.at(match->position);
      describe(*match, out.verdict);
      out.own = other.source == features.source;
      if (match->how.layer == "rekeyed" && out.verdict.kind == model::VerdictKind::duplicate &&
          (match->how.same_text || match->how.jaccard >= kSameContent)) {
        out.rekeyed = true;
        out.shown_as = item_id(other.item);
        if (const auto its = stories_.resolve(other.story); its != Stories::kNone) out.verdict.story = story_id(stories_.at(its).key);
        return out;
      }
      record.duplicate = out.verdict.kind == model::VerdictKind::duplicate;
      if (record.duplicate) record.head = other.head;
      // A text that another outlet told is no independent one, also where a figure of it was brought up to date.
      if (!out.own) record.outlet = kNoOutlet;
      story = stories_.resolve(other.story);
    }
    const double needed = fitted(options_.story_similarity, features.terms.size(), kFullTerms);
    if (story == Stories::kNone && features.marker != 0) {
      // It is about less than the story: its own key terms may be wanting there.
      const auto near = stories_.find(terms, {}, now, kLikely, needed * kMarkedLikeness);
      if (const std::uint32_t earlier = last_of_source(features.source, near); earlier != KeyTable::kNone) {
        describe({earlier, compare_marked(earlier, mine)}, out.verdict);
        out.own = true;
        story = stories_.resolve(window_.at(earlier).story);
      }
    }
    if (story == Stories::kNone && !like.empty() && like.front().similarity >= needed) {
      story = like.front().story;
      if (out.verdict.layer.empty()) out.verdict.layer = "story";
    }
    if (out.verdict.layer.empty()) out.verdict.layer = "none";
    const bool opened = story == Stories::kNone;
    if (opened) story = stories_.open(known && !known->story.empty() ? story_key(known->story) : record.item, now);
    if (const std::uint32_t twin = twin_of(story, like, needed); twin != Stories::kNone) {
      // The older one stays.
      record.merged = stories_.at(std::max(story, twin)).key;
      story = std::min(story, twin);
    }
    record.story = stories_.at(story).key;
    if (!record.duplicate) {
      record.terms = std::move(terms);
      record.slots = Rarity::slots_of(features.terms);
    }
    const std::size_t outlets = stories_.at(story).outlets.size();
    settle(record, story, counts_already(record.item, story));
    out.memory = encode(record);
    tell(item, story, opened, outlets, record.merged, now, out);
    return out;
  }

  // The store lists items by their arrival; one that was edited later waits for its time.
  Result<void> restore(std::string_view memory) {
    stories_.hold_index();
    auto record = decode(memory);
    if (!record) return record.error();
    if (record->edited) {
      const auto later = [](Time time, const Remembered& r) { return time < r.seen; };
      const auto place = std::upper_bound(edited_.begin(), edited_.end(), record->seen, later);
      edited_.insert(place, std::move(*record));
      return {};
    }
    settle_edited(record->seen);
    settle_again(*record);
    return {};
  }

  std::vector<StoryEvent> expire(Time now) {
    settle_edited(now);
    std::vector<StoryEvent> out;
    for (const ClosedStory& story : forget(now)) {
      out.push_back({StoryEvent::Kind::closed, story_id(story.key), {}, {}, {}, story.items, std::max(1U, story.outlets), story.first, now});
    }
    return out;
  }

  Options options_;
  Rarity rarity_;
  Stories stories_;
  Window window_;
  Tally tally_;
  MatchCost cost_;

 private:
  static std::uint32_t seconds_of(Time time) {
    const auto seconds = std::chrono::duration_cast<Seconds>(time.time_since_epoch()).count();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, UINT32_MAX));
  }
  static std::uint32_t outlets_of(const Story& story) {
    return static_cast<std::uint32_t>(std::max<std::size_t>(1, story.outlets.size()));
  }

  static Remembered remember(const model::Item& item, const Features& features, const CopyFeatures& mine, Time now) {
    Remembered record;
    record.item = item_key(item.id);
    record.head = record.item.low;
    record.seen = now;
    record.keys = keys_of(features);
    record.source = features.source;
    record.outlet = features.outlet;
    record.language = features.language;
    record.copy = pack(mine);
    return record;
  }

  std::vector<std::uint32_t> related_to(const std::vector<Stories::Match>& like) const {
    std::vector<std::uint32_t> out;
    for (const auto& match : like) {
      const auto recent = stories_.at(match.story).recent.all();
      out.insert(out.end(), recent.begin(), recent.end());
    }
    return out;
  }

  // Reports made from one template (results, rates, weather) differ in figures as an update does, and tell of different
  // things: they have other names, and where the likeness leaves room for it, other weighty words.
  bool is_template(const Match& match, const KeyTerms& keys) const {
    if (match.how.layer != "simhash" || match.how.marked) return false;
    if (is_next_report(match.how)) return true;
    const std::uint32_t story = stories_.resolve(window_.at(match.position).story);
    if (story == Stories::kNone) return false;
    const bool sure = match.how.containment >= kSureContainment;
    if (match.how.relation == Relation::update) return !stories_.names(story, keys, kUpdateNames) || (!sure && !stories_.tells(story, keys));
    return !sure && !keys.weightiest.empty() && !stories_.names(story, keys, kCopyNames);
  }

  // An entry that its own source edited.
  void update_itself(const model::Item& item, const CopyFeatures& mine, const Known& known, model::Verdict& verdict) const {
    verdict.kind = model::VerdictKind::update;
    verdict.rev = known.rev + 1;
    verdict.of = item.id;
    verdict.layer = "guid";
    verdict.changed = item.deleted ? "withdrawn by its source" : "text";
    const std::uint32_t before = window_.by_item(item_key(item.id));
    if (before == KeyTable::kNone) return;
    const Comparison how = compare_copies(window_.features(before), mine, options_);
    verdict.distance = how.distance;
    verdict.similarity = how.containment;
    if (!item.deleted && !how.changed.empty()) verdict.changed = how.changed;
  }

  // The last piece of the source in the likeliest of these stories that has one, or KeyTable::kNone.
  std::uint32_t last_of_source(std::uint32_t source, const std::vector<Stories::Match>& like) const {
    for (const auto& match : like) {
      const auto recent = stories_.at(match.story).recent.all();
      for (auto position = recent.rbegin(); position != recent.rend(); ++position) {
        if (window_.holds(*position) && window_.at(*position).source == source) return *position;
      }
    }
    return KeyTable::kNone;
  }

  Comparison compare_marked(std::uint32_t earlier, const CopyFeatures& mine) const {
    Comparison how = compare_copies(window_.features(earlier), mine, options_);
    how.layer = "marker";
    how.relation = Relation::update;
    if (how.changed.empty()) how.changed = kSaysSo;
    return how;
  }

  void describe(const Match& match, model::Verdict& verdict) const {
    const std::uint32_t head = window_.by_head(window_.at(match.position).head);
    const bool copy = match.how.relation == Relation::duplicate;
    verdict.kind = copy ? model::VerdictKind::duplicate : model::VerdictKind::update;
    verdict.of = item_id(window_.at(head != KeyTable::kNone ? head : match.position).item);
    verdict.layer = match.how.layer;
    verdict.distance = match.how.distance;
    verdict.similarity = match.how.containment;
    verdict.changed = match.how.changed;
  }

  // An edit is no further item of its story.
  bool counts_already(const Hash128& item, std::uint32_t story) const {
    const std::uint32_t before = window_.by_item(item);
    return before != KeyTable::kNone && stories_.resolve(window_.at(before).story) == story;
  }

  // A story that the item belongs to as much as to its own, and that says the same as its own on the whole.
  std::uint32_t twin_of(std::uint32_t story, const std::vector<Stories::Match>& like, double needed) const {
    for (const auto& match : like) {
      if (match.story == story || match.similarity < needed * kTwinLikeness) continue;
      if (stories_.similarity(story, match.story) >= kTwinSimilarity) return match.story;
    }
    return Stories::kNone;
  }

  // Puts the item into its story and the window, and what is merged with the story.
  void settle(const Remembered& record, std::uint32_t story, bool counted) {
    Kept kept;
    kept.item = record.item;
    kept.head = record.head;
    kept.story = story;
    kept.source = record.source;
    kept.seen = seconds_of(record.seen);
    if (record.merged != Hash128{}) {
      const std::uint32_t other = stories_.find(record.merged);
      if (other != Stories::kNone && other != story) stories_.merge(story, other);
    }
    if (!record.duplicate) rarity_.learn(record.slots, record.language, stories_.at(story).terms);
    stories_.join(story, record.terms, window_.next(), record.seen, counted);
    window_.add(kept, record.keys, record.copy);
    if (!record.duplicate && record.outlet != kNoOutlet) stories_.add_outlet(story, record.outlet);
  }

  void settle_again(const Remembered& record) {
    window_.prefetch(record.keys, record.item);
    forget(record.seen);
    const std::uint32_t story = stories_.find_or_open(record.story, record.seen);
    settle(record, story, counts_already(record.item, story));
  }

  void settle_edited(Time until) {
    while (!edited_.empty() && edited_.front().seen <= until) {
      settle_again(edited_.front());
      edited_.pop_front();
    }
  }

  // Drops what has left the window; returns the stories that this closes.
  std::vector<ClosedStory> forget(Time now) {
    const auto age = std::chrono::duration_cast<Seconds>(options_.window).count();
    const std::uint32_t seconds = seconds_of(now);
    window_.expire(static_cast<std::uint32_t>(std::max<std::int64_t>(0, std::int64_t{seconds} - age)), options_.max_items);
    return stories_.expire(now);
  }

  // `before`: the outlets that the story had without the item and what it was merged with.
  void tell(const model::Item& item, std::uint32_t number, bool opened, std::size_t before, const Hash128& merged, Time now, Decision& out) const {
    const Story& story = stories_.at(number);
    out.verdict.story = story_id(story.key);
    out.verdict.story_size = story.items;
    out.verdict.story_outlets = outlets_of(story);
    const auto add = [&](StoryEvent::Kind kind, std::string other = {}) {
      out.events.push_back({kind, out.verdict.story, item.id, item.title, std::move(other), story.items, out.verdict.story_outlets, story.first, now});
    };
    if (merged != Hash128{}) add(StoryEvent::Kind::merged, story_id(merged));
    add(opened ? StoryEvent::Kind::created
               : out.verdict.kind == model::VerdictKind::update ? StoryEvent::Kind::updated : StoryEvent::Kind::joined);
    for (const std::size_t milestone : kMilestones) {
      if (milestone <= before || milestone > story.outlets.size()) continue;
      add(StoryEvent::Kind::milestone);
      out.events.back().outlets = static_cast<std::uint32_t>(milestone);
    }
  }

  std::deque<Remembered> edited_;  // of restore(), by the time of their edit
};

Deduplicator::Deduplicator(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Deduplicator::~Deduplicator() = default;
Deduplicator::Deduplicator(Deduplicator&&) noexcept = default;
Deduplicator& Deduplicator::operator=(Deduplicator&&) noexcept = default;

Decision Deduplicator::decide(const model::Item& item, const Features& features, const std::optional<Known>& known, Time now) {
  return impl_->decide(item, features, known, now);
}
Result<void> Deduplicator::restore(std::string_view memory) { return impl_->restore(memory); }
void Deduplicator::restored() { impl_->stories_.release_index(); }
std::vector<StoryEvent> Deduplicator::expire(Time now) { return impl_->expire(now); }
std::vector<LiveStory> Deduplicator::live_stories(StoryOrder order, std::size_t limit) const {
  return list(impl_->stories_, order, limit);
}
std::optional<LiveStory> Deduplicator::live_story(std::string_view id) const {
  const std::uint32_t number = impl_->stories_.find(story_key(id));
  if (number == Stories::kNone) return std::nullopt;
  return as_it_stands(impl_->stories_.at(number));
}
bool Deduplicator::remembers(std::string_view id) const { return impl_->window_.by_item(item_key(id)) != KeyTable::kNone; }
Tally Deduplicator::tally() const {
  Tally out = impl_->tally_;
  out.candidates = impl_->cost_.candidates;
  out.verifications = impl_->cost_.verifications;
  return out;
}
std::size_t Deduplicator::window_items() const { return impl_->window_.size(); }
std::size_t Deduplicator::stories() const { return impl_->stories_.size(); }
std::size_t Deduplicator::bytes() const { return impl_->rarity_.bytes() + impl_->stories_.bytes() + impl_->window_.bytes(); }
const Rarity& Deduplicator::rarity() const { return impl_->rarity_; }
const Options& Deduplicator::options() const { return impl_->options_; }

}  // namespace tidings::dedup
