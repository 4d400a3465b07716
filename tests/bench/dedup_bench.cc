// The workload `dedup`: articles a second from text to verdict; and a full window of a million items, its memory and how
// long it takes to be ready again after a restart. The million are the articles again and again with the hashes of their
// shingles, rare words and figures replaced, so that sizes and distributions stay and nothing is a copy across rounds.

#include <malloc.h>

#include "articles.h"
#include "dedup/deduplicator.h"
#include "dedup/sketch.h"

namespace {

using namespace tidings;

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// Verdicts by kind, for the eye.
struct Verdicts {
  std::size_t fresh = 0;
  std::size_t update = 0;
  std::size_t duplicate = 0;
  void count(const model::Verdict& verdict) {
    fresh += verdict.kind == model::VerdictKind::fresh;
    update += verdict.kind == model::VerdictKind::update;
    duplicate += verdict.kind == model::VerdictKind::duplicate;
  }
};

void speed(const std::vector<model::Item>& articles) {
  Verdicts verdicts;
  double extracting = 1e9;
  const double whole = bench::best_seconds([&] {
    dedup::Deduplicator deduplicator{dedup::Options{}};
    verdicts = {};
    double features_seconds = 0;
    for (const auto& article : articles) {
      const double before = bench::thread_seconds();
      const dedup::Features features = dedup::extract(article, deduplicator.options());
      features_seconds += bench::thread_seconds() - before;
      verdicts.count(deduplicator.decide(article, features, std::nullopt, article.published.value_or(Time{})).verdict);
    }
    extracting = std::min(extracting, features_seconds);
  });
  const auto count = static_cast<double>(articles.size());
  std::printf("%zu new, %zu updates, %zu duplicates; features %.1f us an article, all %.1f us\n", verdicts.fresh, verdicts.update,
              verdicts.duplicate, extracting / count * 1e6, whole / count * 1e6);
  bench::figure("dedup_articles_per_second", count / whole, "1/s");
}

dedup::Features again(const dedup::Features& features, std::uint64_t round, const std::vector<bool>& common) {
  dedup::Features out = features;
  const std::uint64_t salt = mix(round + 1);
  out.simhash ^= salt;
  for (std::uint64_t* key : {&out.content_hash, &out.url_key, &out.text_key, &out.title_key}) {
    if (*key != 0) *key = mix(*key ^ salt) | 1;
  }
  // Other hashes below the same limit.
  for (auto& hash : out.sketch) hash = static_cast<std::uint32_t>(mix(hash ^ salt) % (features.sketch.back() + 1));
  std::sort(out.sketch.begin(), out.sketch.end());
  out.sketch.erase(std::unique(out.sketch.begin(), out.sketch.end()), out.sketch.end());
  for (auto& figure : out.figures) figure.context = (figure.context ^ static_cast<std::uint32_t>(salt)) & 0xFFFFFF;
  for (auto& term : out.terms) {
    if (!common[term.key >> 12]) term.key = static_cast<std::uint32_t>(mix(term.key ^ salt));
  }
  std::sort(out.terms.begin(), out.terms.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return out;
}

void million(const std::vector<model::Item>& articles) {
  constexpr std::size_t kItems = 1'000'000;
  dedup::Options options;
  options.max_items = kItems;
  std::vector<dedup::Features> features;
  std::vector<std::uint32_t> seen(1 << 20);
  for (const auto& article : articles) {
    features.push_back(dedup::extract(article, options));
    for (const auto& term : features.back().terms) ++seen[term.key >> 12];
  }
  // What one in fifty says is a common word in every round.
  std::vector<bool> common(seen.size());
  for (std::size_t i = 0; i < seen.size(); ++i) common[i] = seen[i] * 50 > articles.size();

  // The records come from a deduplicator with a small window, which is quick to fill: they are the same.
  std::vector<std::string> memories;
  memories.reserve(kItems);
  std::size_t stored = 0;
  Verdicts verdicts;
  {
    dedup::Options small = options;
    small.max_items = 20'000;
    dedup::Deduplicator deduplicator(small);
    model::Item item;
    const Time first = from_micros(1'700'000'000'000'000);
    const auto step = std::chrono::duration_cast<Micros>(options.window) / static_cast<std::int64_t>(kItems);
    for (std::size_t i = 0; i < kItems; ++i) {
      item.id = dedup::item_id({mix(i + 1), mix(~i)});
      const Time now = first + step * static_cast<std::int64_t>(i);
      auto decision = deduplicator.decide(item, again(features[i % features.size()], i / features.size(), common), std::nullopt, now);
      verdicts.count(decision.verdict);
      stored += decision.memory.size();
      memories.push_back(std::move(decision.memory));
    }
  }
  std::printf("%zu items (%zu new, %zu updates, %zu duplicates), records of %.0f bytes\n", kItems, verdicts.fresh, verdicts.update,
              verdicts.duplicate, static_cast<double>(stored) / kItems);
  const auto in_use = [] { return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd); };
  const double before = in_use();
  dedup::Deduplicator restarted(options);
  const double start = bench::thread_seconds();
  for (const std::string& memory : memories) {
    if (!restarted.restore(memory)) std::exit(1);
  }
  bench::figure("window_restart_1m_seconds", bench::thread_seconds() - start, "s");
  if (restarted.window_items() != kItems) std::exit(1);
  std::printf("%zu live stories; the heap grew by %.0f bytes an item\n", restarted.stories(), (in_use() - before) / kItems);
  bench::figure("window_bytes_per_item", static_cast<double>(restarted.bytes()) / kItems, "bytes");
}

}  // namespace

int main() {
  bench::announce("dedup");
  const auto articles = bench::articles();
  speed(articles);
  million(articles);
  return 0;
}
