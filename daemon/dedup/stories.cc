#include "dedup/stories.h"

#include <algorithm>
#include <cmath>

namespace tidings::dedup {
namespace {

constexpr std::size_t kPostings = std::size_t{1} << 18;
// A term that so many stories have tells none of them.
constexpr std::size_t kMaxPosting = 4096;
constexpr std::size_t kMaxTerms = 200;
constexpr std::size_t kCompared = 16;
constexpr std::size_t kRecent = 12;
// So many items make up what a story says; then the older ones fade.
constexpr float kFullWeightItems = 30;
// A text of so many terms is a full one; of a shorter one less is asked, as the cosine of sparse vectors is lower by chance.
constexpr double kFullTerms = 60;

bool by_key(const Term& a, const Term& b) { return a.key < b.key; }

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
  double square = 0;
  for (const Term& term : terms) square += static_cast<double>(term.weight) * static_cast<double>(term.weight);
  return static_cast<float>(std::sqrt(square));
}

}  // namespace

Stories::Stories(const Options& options) : options_(options), postings_(kPostings) {}

double Stories::needed(std::size_t terms) const {
  return options_.story_similarity * std::sqrt(std::min(1.0, static_cast<double>(terms) / kFullTerms));
}

std::vector<Stories::Match> Stories::find(const TermVector& terms, Time now, std::size_t most) {
  scores_.resize(stories_.size());
  std::vector<std::uint32_t> touched;
  for (const Term& term : terms) {
    const auto& its = posting(term.key);
    if (its.size() > kMaxPosting) continue;
    for (const std::uint32_t story : its) {
      float& score = scores_[story - first_];
      if (score == 0) touched.push_back(story);
      score += term.weight * term.weight;
    }
  }
  const auto better = [&](std::uint32_t a, std::uint32_t b) {
    const float x = scores_[a - first_];
    const float y = scores_[b - first_];
    return x != y ? x > y : a < b;
  };
  const std::size_t some = std::min(kCompared, touched.size());
  std::partial_sort(touched.begin(), touched.begin() + static_cast<std::ptrdiff_t>(some), touched.end(), better);
  std::vector<Match> out;
  for (std::size_t i = 0; i < some; ++i) {
    const Story& story = at(touched[i]);
    if (story.norm > 0 && now - story.last <= options_.story_idle) {
      out.push_back({touched[i], cosine(terms, story.terms) / static_cast<double>(story.norm)});
    }
  }
  for (const std::uint32_t story : touched) scores_[story - first_] = 0;
  std::sort(out.begin(), out.end(), [](const Match& a, const Match& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.story < b.story;
  });
  if (out.size() > most) out.resize(most);
  return out;
}

std::uint32_t Stories::open(const Hash128& key, Time now) {
  const auto number = first_ + static_cast<std::uint32_t>(stories_.size());
  Story& made = stories_.emplace_back();
  made.key = key;
  made.first = made.last = now;
  made.live = true;
  by_key_.insert_or_assign(key, number);
  return number;
}

void Stories::join(std::uint32_t number, const TermVector& terms, std::uint32_t position, Time now) {
  Story& story = stories_[number - first_];
  story.last = std::max(story.last, now);
  ++story.items;
  story.recent.push_back(position);
  if (story.recent.size() > kRecent) story.recent.erase(story.recent.begin());
  if (terms.empty()) return;
  ++story.told;
  const auto told = static_cast<float>(story.told);
  const float scale = told <= kFullWeightItems ? 1.0F : kFullWeightItems / (kFullWeightItems + 1);
  for (const Term& term : terms) {
    if (!std::binary_search(story.terms.begin(), story.terms.end(), term, by_key)) posting(term.key).push_back(number);
  }
  story.terms = sum(story.terms, scale, terms);
  if (story.terms.size() > kMaxTerms * 3 / 2) trim(story, number);
  story.terms.shrink_to_fit();
  story.norm = norm_of(story.terms);
}

void Stories::trim(Story& story, std::uint32_t number) {
  std::nth_element(story.terms.begin(), story.terms.begin() + kMaxTerms, story.terms.end(), [](const Term& a, const Term& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.key < b.key;
  });
  for (std::size_t i = kMaxTerms; i < story.terms.size(); ++i) {
    auto& its = posting(story.terms[i].key);
    its.erase(std::find(its.begin(), its.end(), number));
  }
  story.terms.resize(kMaxTerms);
  std::sort(story.terms.begin(), story.terms.end(), by_key);
}

bool Stories::add_outlet(std::uint32_t number, std::uint32_t outlet) {
  auto& outlets = stories_[number - first_].outlets;
  const auto place = std::lower_bound(outlets.begin(), outlets.end(), outlet);
  if (place != outlets.end() && *place == outlet) return false;
  outlets.insert(place, outlet);
  return true;
}

std::uint32_t Stories::find(const Hash128& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? kNone : found->second;
}

Story Stories::close(std::uint32_t number) {
  Story& story = stories_[number - first_];
  for (const Term& term : story.terms) {
    auto& its = posting(term.key);
    its.erase(std::find(its.begin(), its.end(), number));
  }
  if (const auto found = by_key_.find(story.key); found != by_key_.end() && found->second == number) by_key_.erase(found);
  Story closed = std::move(story);
  story = Story{};
  return closed;
}

std::vector<Story> Stories::expire(Time now) {
  std::vector<std::uint32_t> gone;
  std::vector<std::uint32_t> quiet;  // the others
  for (std::size_t i = 0; i < stories_.size(); ++i) {
    if (!stories_[i].live) continue;
    (now - stories_[i].last > options_.story_idle ? gone : quiet).push_back(first_ + static_cast<std::uint32_t>(i));
  }
  if (quiet.size() > options_.max_stories) {
    const std::size_t excess = quiet.size() - options_.max_stories;
    std::stable_sort(quiet.begin(), quiet.end(), [&](std::uint32_t a, std::uint32_t b) { return at(a).last < at(b).last; });
    gone.insert(gone.end(), quiet.begin(), quiet.begin() + static_cast<std::ptrdiff_t>(excess));
  }
  std::vector<Story> closed;
  for (const std::uint32_t number : gone) closed.push_back(close(number));
  while (!stories_.empty() && !stories_.front().live) {
    stories_.pop_front();
    ++first_;
  }
  return closed;
}

std::size_t Stories::bytes() const {
  std::size_t bytes = stories_.size() * sizeof(Story) + by_key_.size() * 48 + by_key_.bucket_count() * 8 +
                      postings_.size() * sizeof(postings_[0]) + scores_.capacity() * sizeof(float);
  for (const auto& its : postings_) bytes += its.capacity() * sizeof(its[0]);
  for (const Story& story : stories_) {
    bytes += story.terms.capacity() * sizeof(Term) + (story.outlets.capacity() + story.recent.capacity()) * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace tidings::dedup
