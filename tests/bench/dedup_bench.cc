// The workload `dedup`: articles a second from text to verdict; what of it is done on workers and what on the loop, also
// at a first start; and a full window of a million items, its memory and how long it takes to be ready again after a
// restart. The million are the articles again and again with the hashes of their shingles, rare words and figures replaced,
// so that sizes and distributions stay and nothing is a copy across rounds.

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
  const double whole = bench::best_seconds([&] {
    dedup::Deduplicator deduplicator{dedup::Options{}};
    verdicts = {};
    for (const auto& article : articles) {
      const dedup::Features features = dedup::extract(article, deduplicator.options());
      verdicts.count(deduplicator.decide(article, features, std::nullopt, article.published.value_or(Time{})).verdict);
    }
  });
  const auto count = static_cast<double>(articles.size());
  std::printf("%zu new, %zu updates, %zu duplicates; all %.1f us an article\n", verdicts.fresh, verdicts.update, verdicts.duplicate,
              whole / count * 1e6);
  bench::figure("dedup_articles_per_second", count / whole, "1/s");
}

// extract() runs on workers, decide() on the loop: each by itself.
void halves(const std::vector<model::Item>& articles, const std::string& of, int runs) {
  const dedup::Options options;
  const auto count = static_cast<double>(articles.size());
  std::vector<dedup::Features> features;
  const double extracting = bench::best_seconds([&] {
    features.clear();
    for (const auto& article : articles) features.push_back(dedup::extract(article, options));
  }, runs);
  Verdicts verdicts;
  const double deciding = bench::best_seconds([&] {
    dedup::Deduplicator deduplicator(options);
    verdicts = {};
    for (std::size_t i = 0; i < articles.size(); ++i) {
      verdicts.count(deduplicator.decide(articles[i], features[i], std::nullopt, articles[i].published.value_or(Time{})).verdict);
    }
  }, runs);
  std::printf("%s: %zu new, %zu updates, %zu duplicates\n", of.c_str(), verdicts.fresh, verdicts.update, verdicts.duplicate);
  bench::figure((of + "_extract_us").c_str(), extracting / count * 1e6, "us");
  bench::figure((of + "_decide_us").c_str(), deciding / count * 1e6, "us");
}

// As at the first start with 2,000 feeds of 25 items of about 1.5 kB, each text its own, of a vocabulary of 6,000 words
// by a Zipf-like law: the worst for an index by words.
std::vector<model::Item> first_start() {
  std::mt19937 random(20260302);
  std::vector<std::string> words;
  std::vector<double> weights;
  for (int i = 0; i < 6000; ++i) {
    static constexpr std::string_view kConsonants = "bdfghklmnprstvz";
    std::string word;
    for (unsigned n = 2 + static_cast<unsigned>(random() % 4); n > 0; --n) {
      word += kConsonants[random() % kConsonants.size()];
      word += "aeiou"[random() % 5];
    }
    words.push_back(std::move(word));
    weights.push_back(1.0 / (i + 10));
  }
  std::discrete_distribution<std::size_t> pick(weights.begin(), weights.end());
  const auto sentence = [&](std::size_t length) {
    std::string out;
    for (std::size_t i = 0; i < length; ++i) out += (i > 0 ? " " : "") + words[pick(random)];
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
  };
  std::vector<model::Item> out;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    model::Item item;
    item.id = dedup::item_id({mix(i + 1), mix(~i)});
    item.title = sentence(6 + random() % 6);
    for (int n = 0; n < 12; ++n) item.body_text += sentence(8 + random() % 13) + ". ";
    item.body_text += "The figure was " + std::to_string(100 + random() % 99'900) + " crowns.";
    item.language = "en";
    item.source_id = "source-" + std::to_string(i / 25);
    item.canonical_url = "https://" + item.source_id + ".example/" + std::to_string(i);
    item.published = from_micros(1'772'323'200'000'000 + static_cast<std::int64_t>(i) * 200);
    out.push_back(std::move(item));
  }
  return out;
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
    for (std::size_t i = 0; memories.size() < kItems; ++i) {
      item.id = dedup::item_id({mix(i + 1), mix(~i)});
      const Time now = first + step * static_cast<std::int64_t>(memories.size());
      auto decision = deduplicator.decide(item, again(features[i % features.size()], i / features.size(), common), std::nullopt, now);
      if (decision.rekeyed) continue;  // nothing is kept of it
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
    if (const auto restored = restarted.restore(memory); !restored) {
      std::fprintf(stderr, "%s\n", restored.error().message().c_str());
      std::exit(1);
    }
  }
  restarted.restored();
  bench::figure("window_restart_1m_seconds", bench::thread_seconds() - start, "s");
  if (restarted.window_items() != kItems) std::exit(1);
  std::printf("%zu live stories; the heap grew by %.0f bytes an item\n", restarted.stories(), (in_use() - before) / kItems);
  bench::figure("window_bytes_per_item", static_cast<double>(restarted.bytes()) / kItems, "bytes");
}

}  // namespace

// All parts, or the ones named.
int main(int argc, char** argv) {
  bench::announce("dedup");
  const std::vector<std::string_view> wanted(argv + 1, argv + argc);
  const auto wants = [&](std::string_view part) { return wanted.empty() || std::find(wanted.begin(), wanted.end(), part) != wanted.end(); };
  const auto articles = bench::articles();
  if (wants("speed")) speed(articles);
  if (wants("halves")) halves(articles, "mixed", 5);
  if (wants("first_start")) halves(first_start(), "first_start", 2);
  if (wants("million")) million(articles);
  return 0;
}
