#include "dedup/stories.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tidings::dedup {
namespace {

constexpr std::size_t kPostings = std::size_t{1} << 18;
// A term that so many stories have tells none of them: no more are put down.
constexpr std::size_t kMaxPosting = 1024;
// Of so many closed stories the memory is used again, where it is not much.
constexpr std::size_t kSpare = 256;
constexpr std::size_t kSpareTerms = 48;
// With so many places noted down, what is closed meanwhile is left out.
constexpr std::size_t kMinHeld = std::size_t{1} << 20;
// Candidates are found by so many of the weightiest terms, the rarest first, in about so many places of the index.
constexpr std::size_t kSearchTerms = 20;
constexpr std::size_t kSearchedPlaces = 2000;
constexpr std::size_t kMaxStoryTerms = 200;
// So many candidates are compared in full.
constexpr std::size_t kCompared = 8;
// So many items make up what a story says; then the older ones fade.
constexpr float kFullWeightItems = 30;

// A story that was told of just now is told of next: of the similarity to a quiet one this share is lost, half of it in
// the first kFadeHours.
constexpr double kFade = 0.3;
constexpr double kFadeHours = 2;

// What the news are full of is told of next, in whatever words: similarity to a story counts for more by its share of the
// last items, as its rate of arrivals would have it (a Dirichlet-Hawkes process; Du et al., KDD 2015).
constexpr double kBurst = 0.6;

// Of an item of kKeyedTerms or more the story should have kKeyShare of the weight of the kKeyTerms weightiest terms. The
// similarity counts for less by kKeySlope times what is wanting, down to kTemplate: reports made from one template
// (earnings, weather, rates) share most of their words and nothing of what they are about.
constexpr std::size_t kKeyedTerms = 16;
constexpr std::size_t kKeyTerms = 14;
constexpr double kKeyShare = 0.7;
constexpr double kKeySlope = 4;
constexpr double kTemplate = 0.2;
// Names are told by where they have so much of the square weight of a vector.
constexpr double kNamed = 0.08;

bool by_key(const Term& a, const Term& b) { return a.key < b.key; }
bool by_weight(const Term& a, const Term& b) { return a.weight != b.weight ? a.weight > b.weight : a.key < b.key; }

double square(float x) { return static_cast<double>(x) * static_cast<double>(x); }

TermVector sum(const TermVector& a, float scale, const TermVector& b) {
  TermVector out;
  out.reserve(a.size() + b.size());
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (j == b.size() || (i < a.size() && a[i].key < b[j].key)) {
      out.push_back({a[i].key, a[i].weight * scale});
      ++i;
    } else if (i == a.size() || b[j].key < a[i].key) {
      out.push_back(b[j++]);
    } else {
      out.push_back({a[i].key, a[i].weight * scale + b[j].weight});
      ++i, ++j;
    }
  }
  return out;
}

float norm_of(const TermVector& terms) {
  double all = 0;
  for (const Term& term : terms) all += square(term.weight);
  return static_cast<float>(std::sqrt(all));
}

TermVector heaviest(TermVector terms, std::size_t most) {
  if (terms.size() <= most) return terms;
  std::nth_element(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(most), terms.end(), by_weight);
  terms.resize(most);
  return terms;
}

// The share of the keys' square weight that the story has; 1 where there are no keys.
double share_of(const TermVector& keys, const TermVector& story) {
  double shared = 0;
  double all = 0;
  for (const Term& term : keys) {
    all += square(term.weight);
    if (std::binary_search(story.begin(), story.end(), term, by_key)) shared += square(term.weight);
  }
  return all > 0 ? shared / all : 1;
}

double freshness(Time last, Time now) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(now - last).count();
  return 1 - kFade + kFade * std::exp2(-hours / kFadeHours);
}

}  // namespace

KeyTerms key_terms(const TermVector& terms, std::span<const std::uint32_t> names) {
  KeyTerms keys;
  if (terms.size() >= kKeyedTerms) keys.weightiest = heaviest(terms, kKeyTerms);
  double named = 0;
  auto name = names.begin();
  for (const Term& term : terms) {
    name = std::lower_bound(name, names.end(), term.key);
    if (name == names.end()) break;
    if (*name != term.key) continue;
    keys.names.push_back(term);
    named += square(term.weight);
  }
  if (named < kNamed) keys.names.clear();
  return keys;
}

Stories::Stories(const Options& options) : options_(options), postings_(kPostings) {}

std::vector<Stories::Match> Stories::find(const TermVector& terms, const KeyTerms& keys, Time now, std::size_t most, double least) {
  release_index();
  TermVector search = heaviest(terms, kSearchTerms);
  for (const Term& term : search) __builtin_prefetch(&posting(term.key));
  std::sort(search.begin(), search.end(), [&](const Term& a, const Term& b) {
    const std::size_t x = posting(a.key).size();
    const std::size_t y = posting(b.key).size();
    return x != y ? x < y : a.key < b.key;
  });
  for (const Term& term : search) __builtin_prefetch(posting(term.key).data());
  float left = 0;
  for (const Term& term : search) left += term.weight * term.weight;
  // A cosine is at most the root of the weight squared of what both have; a story that has not the keys must have more.
  const auto needed = static_cast<float>(std::pow(keys.weightiest.empty() ? least : least / kTemplate, 2)) * left;
  std::vector<std::uint32_t> touched;
  std::size_t places = 0;
  for (const Term& term : search) {
    const auto& its = posting(term.key);
    places += its.size();
    if (its.size() >= kMaxPosting || places > kSearchedPlaces) break;
    const float weight = term.weight * term.weight;
    // What no rarer term has found cannot have enough any more.
    const bool opens = left >= needed;
    left -= weight;
    for (const std::uint32_t story : its) {
      if (story < first_) continue;  // closed
      float& its_score = score(story);
      if (its_score == 0) {
        if (!opens) continue;
        touched.push_back(story);
      }
      its_score += weight;  // kClosed stays as it is
    }
  }
  const auto enough = std::partition(touched.begin(), touched.end(), [&](std::uint32_t story) {
    const bool has = score(story) >= needed;
    if (!has) score(story) = 0;
    return has;
  });
  touched.erase(enough, touched.end());
  const auto better = [&](std::uint32_t a, std::uint32_t b) {
    const float x = score(a);
    const float y = score(b);
    return x != y ? x > y : a < b;
  };
  const std::size_t some = std::min(kCompared, touched.size());
  std::partial_sort(touched.begin(), touched.begin() + static_cast<std::ptrdiff_t>(some), touched.end(), better);
  for (const std::uint32_t story : touched) score(story) = 0;
  for (std::size_t i = 0; i < some; ++i) __builtin_prefetch(&at(touched[i]));
  for (std::size_t i = 0; i < some; ++i) __builtin_prefetch(at(touched[i]).terms.data());
  std::vector<Match> out;
  for (std::size_t i = 0; i < some; ++i) {
    const Story& story = at(touched[i]);
    if (story.norm <= 0 || now - story.last > options_.story_idle) continue;
    double similarity = cosine(terms, story.terms) / static_cast<double>(story.norm) * freshness(story.last, now);
    similarity = std::min(1.0, similarity / (1 - kBurst * share_of_late(touched[i])));
    similarity *= std::clamp(1 - kKeySlope * (kKeyShare - share_of(keys.weightiest, story.terms)), kTemplate, 1.0);
    if (similarity >= least) out.push_back({touched[i], similarity});
  }
  std::sort(out.begin(), out.end(), [](const Match& a, const Match& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.story < b.story;
  });
  if (out.size() > most) out.resize(most);
  return out;
}

bool Stories::tells(std::uint32_t number, const KeyTerms& keys) const {
  return share_of(keys.weightiest, at(number).terms) >= kKeyShare;
}
bool Stories::names(std::uint32_t number, const KeyTerms& keys, double share) const { return share_of(keys.names, at(number).terms) >= share; }

std::uint32_t Stories::open(const Hash128& key, Time now) {
  const auto number = first_ + static_cast<std::uint32_t>(stories_.size());
  by_key_.insert_or_assign(key, number);
  return start(number, key, now);
}

std::uint32_t Stories::find_or_open(const Hash128& key, Time now) {
  const auto number = first_ + static_cast<std::uint32_t>(stories_.size());
  const auto [place, opened] = by_key_.try_emplace(key, number);
  return opened ? start(number, key, now) : place->second;
}

std::uint32_t Stories::start(std::uint32_t number, const Hash128& key, Time now) {
  std::unique_ptr<Story> made;
  if (spare_.empty()) {
    made = std::make_unique<Story>();
  } else {
    made = std::move(spare_.back());
    spare_.pop_back();
  }
  made->key = key;
  made->first = made->last = now;
  stories_.push_back(std::move(made));
  scores_.push_back(0);
  ++size_;
  put_last(number);
  return number;
}

double Stories::share_of_late(std::uint32_t number) const {
  const auto lately = told_lately_.all();
  const auto told = std::count_if(lately.begin(), lately.end(), [&](std::uint32_t story) { return resolve(story) == number; });
  return static_cast<double>(told) / static_cast<double>(kLately);
}

void Stories::put_last(std::uint32_t number) {
  Story& story = mutable_at(number);
  story.quieter = liveliest_;
  story.livelier = kNone;
  (liveliest_ == kNone ? quietest_ : mutable_at(liveliest_).livelier) = number;
  liveliest_ = number;
}

void Stories::take_out(std::uint32_t number) {
  const Story& story = at(number);
  (story.quieter == kNone ? quietest_ : mutable_at(story.quieter).livelier) = story.livelier;
  (story.livelier == kNone ? liveliest_ : mutable_at(story.livelier).quieter) = story.quieter;
}

void Stories::join(std::uint32_t number, const TermVector& terms, std::uint32_t position, Time now, bool counted) {
  Story& story = mutable_at(number);
  story.last = std::max(story.last, now);
  take_out(number);
  put_last(number);
  if (!counted) ++story.items;
  story.recent.put(position);
  if (terms.empty()) return;
  if (story.told++ == 1) hold_first(story, number);
  told_lately_.put(number);
  const float scale = static_cast<float>(story.told) <= kFullWeightItems ? 1.0F : kFullWeightItems / (kFullWeightItems + 1);
  if (!holding_ || story.told > 1) index(story, terms, number);
  if (story.terms.empty()) {
    story.terms.assign(terms.begin(), terms.end());
  } else {
    story.terms = sum(story.terms, scale, terms);
  }
  if (story.terms.size() > kMaxStoryTerms * 3 / 2) trim(story, number);
  if (story.terms.capacity() > story.terms.size() + story.terms.size() / 8) story.terms.shrink_to_fit();
  story.norm = norm_of(story.terms);
}

// Puts down what the story does not have yet.
void Stories::index(const Story& story, const TermVector& terms, std::uint32_t number) {
  const TermVector search = heaviest(terms, kSearchTerms);
  if (!holding_) {
    // They lie all over the memory: it is asked for all of them before the first is waited for.
    for (const Term& term : search) __builtin_prefetch(&posting(term.key));
    for (const Term& term : search) __builtin_prefetch(posting(term.key).data() + posting(term.key).size());
  }
  for (const Term& term : search) {
    if (!std::binary_search(story.terms.begin(), story.terms.end(), term, by_key)) put_down(term.key, number);
  }
}

// While the index is held, a story's first item is noted down with its second: most have none before they are closed.
void Stories::hold_first(const Story& story, std::uint32_t number) {
  if (!holding_) return;
  for (const Term& term : heaviest(story.terms, kSearchTerms)) hold(term.key, number);
}

// Closed stories stay where they are put down until there is no more room. The oldest tell whether it is worth to look
// for them.
void Stories::put_down(std::uint32_t term, std::uint32_t number) {
  if (holding_) return hold(term, number);
  auto& its = posting(term);
  const auto closed = [&](std::uint32_t story) { return !live(story); };
  if (its.size() >= kMaxPosting || its.size() == its.capacity()) {
    const auto oldest = its.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(its.size(), 8));
    if (std::any_of(its.begin(), oldest, closed)) std::erase_if(its, closed);
    if (its.size() >= kMaxPosting) return;
    if (its.size() * 4 >= its.capacity() * 3) its.reserve(its.size() + its.size() / 2 + 1);
  }
  its.push_back(number);
}

void Stories::hold(std::uint32_t term, std::uint32_t number) {
  if (held_.size() == held_.capacity()) {
    std::erase_if(held_, [&](const Held& held) { return !live(held.story); });
    held_.reserve(std::max(kMinHeld, held_.size() * 2));
  }
  held_.push_back({number, term});
}

void Stories::release_index() {
  if (!holding_) return;
  holding_ = false;
  const std::vector<Held> held = std::exchange(held_, {});
  constexpr std::size_t kAhead = 16;
  for (std::size_t i = 0; i < held.size(); ++i) {
    if (i + kAhead < held.size()) __builtin_prefetch(&posting(held[i + kAhead].term));
    if (!live(held[i].story)) continue;
    // It may have been trimmed away, and noted down again.
    const Story& story = at(held[i].story);
    if (!std::binary_search(story.terms.begin(), story.terms.end(), Term{held[i].term, 0}, by_key)) continue;
    const auto& its = posting(held[i].term);
    if (std::find(its.begin(), its.end(), held[i].story) != its.end()) continue;
    put_down(held[i].term, held[i].story);
  }
  for (std::size_t i = 0; i < stories_.size(); ++i) {
    if (stories_[i] && stories_[i]->told == 1) index({}, stories_[i]->terms, first_ + static_cast<std::uint32_t>(i));
  }
}

void Stories::trim(Story& story, std::uint32_t number) {
  std::nth_element(story.terms.begin(), story.terms.begin() + kMaxStoryTerms, story.terms.end(), by_weight);
  for (std::size_t i = kMaxStoryTerms; !holding_ && i < story.terms.size(); ++i) std::erase(posting(story.terms[i].key), number);
  story.terms.resize(kMaxStoryTerms);
  std::sort(story.terms.begin(), story.terms.end(), by_key);
}

bool Stories::add_outlet(std::uint32_t number, std::uint32_t outlet) {
  auto& outlets = mutable_at(number).outlets;
  const auto place = std::lower_bound(outlets.begin(), outlets.end(), outlet);
  if (place != outlets.end() && *place == outlet) return false;
  outlets.insert(place, outlet);
  return true;
}

std::uint32_t Stories::find(const Hash128& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? kNone : found->second;
}

void Stories::forget_key(const Hash128& key, std::uint32_t number) {
  if (const auto found = by_key_.find(key); found != by_key_.end() && found->second == number) by_key_.erase(found);
}

// The keys and numbers of those merged into it go with it.
ClosedStory Stories::close(std::uint32_t number) {
  take_out(number);
  --size_;
  std::unique_ptr<Story> story = std::move(stories_[number - first_]);
  const ClosedStory closed{story->key, story->first, story->items, static_cast<std::uint32_t>(story->outlets.size())};
  if (spare_.size() < kSpare && story->terms.capacity() <= kSpareTerms) {
    TermVector terms = std::move(story->terms);
    terms.clear();
    *story = Story();
    story->terms = std::move(terms);
    spare_.push_back(std::move(story));
  }
  score(number) = kClosed;
  forget_key(closed.key, number);
  if (const auto its = wholes_.find(number); its != wholes_.end()) {
    for (const std::uint32_t other : its->second) {
      forget_key(parts_[other].key, number);
      parts_.erase(other);
    }
    wholes_.erase(its);
  }
  return closed;
}

double Stories::similarity(std::uint32_t a, std::uint32_t b) const {
  const double norms = static_cast<double>(at(a).norm) * static_cast<double>(at(b).norm);
  return norms > 0 ? cosine(at(a).terms, at(b).terms) / norms : 0;
}

void Stories::merge(std::uint32_t number, std::uint32_t other_number) {
  take_out(other_number);
  --size_;
  const Story other = std::move(mutable_at(other_number));
  stories_[other_number - first_].reset();
  score(other_number) = kClosed;

  std::vector<std::uint32_t>& its = wholes_[number];
  its.push_back(other_number);
  parts_[other_number].key = other.key;
  if (const auto more = wholes_.find(other_number); more != wholes_.end()) {
    its.insert(its.end(), more->second.begin(), more->second.end());
    wholes_.erase(more);
  }
  for (const std::uint32_t part : its) {
    parts_[part].whole = number;
    by_key_[parts_[part].key] = number;
  }

  Story& story = mutable_at(number);
  if (story.told == 1 && other.told > 0) hold_first(story, number);
  story.told += other.told;
  for (const Term& term : heaviest(other.terms, kMaxStoryTerms)) {
    if (holding_ && story.told == 1) break;
    if (!std::binary_search(story.terms.begin(), story.terms.end(), term, by_key)) put_down(term.key, number);
  }
  story.terms = sum(story.terms, 1, other.terms);
  if (story.terms.size() > kMaxStoryTerms * 3 / 2) trim(story, number);
  story.terms.shrink_to_fit();
  story.norm = norm_of(story.terms);
  story.first = std::min(story.first, other.first);
  story.items += other.items;
  for (const std::uint32_t outlet : other.outlets) add_outlet(number, outlet);
  std::vector<std::uint32_t> recent(story.recent.all().begin(), story.recent.all().end());
  recent.insert(recent.end(), other.recent.all().begin(), other.recent.all().end());
  std::sort(recent.begin(), recent.end());
  for (const std::uint32_t position : recent) story.recent.put(position);
  if (other.last > story.last) {
    story.last = other.last;
    take_out(number);
    put_last(number);
  }
}

std::vector<ClosedStory> Stories::expire(Time now) {
  std::vector<ClosedStory> closed;
  while (quietest_ != kNone && (now - at(quietest_).last > options_.story_idle || size_ > options_.max_stories)) {
    closed.push_back(close(quietest_));
  }
  std::size_t gone = 0;
  while (gone < stories_.size() && stories_[gone] == nullptr) ++gone;
  if (gone == 0) return closed;
  stories_.erase(stories_.begin(), stories_.begin() + static_cast<std::ptrdiff_t>(gone));
  if (first_ - first_scored_ > stories_.size()) {
    scores_.erase(scores_.begin(), scores_.begin() + static_cast<std::ptrdiff_t>(first_ - first_scored_));
    first_scored_ = first_;
  }
  first_ += static_cast<std::uint32_t>(gone);
  return closed;
}

std::size_t Stories::bytes() const {
  constexpr std::size_t kHeap = 16;  // what an allocation costs beside its bytes
  std::size_t bytes = stories_.size() * sizeof(stories_[0]) + by_key_.bucket_count() * (sizeof(*by_key_.begin()) + 1) +
                      postings_.size() * sizeof(postings_[0]) + scores_.capacity() * sizeof(float) +
                      held_.capacity() * sizeof(Held) + parts_.size() * (64 + 2 * kHeap);
  for (const auto& its : postings_) bytes += its.capacity() * sizeof(its[0]) + (its.capacity() > 0 ? kHeap : 0);
  for (const auto& story : stories_) {
    if (!story) continue;
    bytes += sizeof(Story) + 2 * kHeap + story->terms.capacity() * sizeof(Term);
    if (story->outlets.size() > 2) bytes += kHeap + story->outlets.capacity() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace tidings::dedup
