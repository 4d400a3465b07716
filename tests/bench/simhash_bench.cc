// The workload `simhash`: the SimHash of UTF-8 texts against a plain loop over 64 counters on the same features.

#include <array>

#include "articles.h"
#include "dedup/fold.h"
#include "dedup/shingles.h"
#include "dedup/simhash.h"

namespace {

using namespace tidings;

std::uint64_t plain_loop(std::span<const dedup::Shingle> shingles) {
  std::array<std::int32_t, 64> counters{};
  for (const dedup::Shingle shingle : shingles) {
    for (unsigned bit = 0; bit < 64; ++bit) counters[bit] += static_cast<std::int32_t>(shingle >> bit & 1) * 2 - 1;
  }
  std::uint64_t out = 0;
  for (unsigned bit = 0; bit < 64; ++bit) out |= std::uint64_t{counters[bit] > 0} << bit;
  return out;
}

}  // namespace

int main() {
  bench::announce("simhash");
  const auto articles = bench::articles();
  std::vector<dedup::Folded> folded;
  std::vector<std::vector<dedup::Shingle>> features;
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (const auto& article : articles) {
    bytes += article.title.size() + article.body_text.size();
    folded.push_back(dedup::fold(article.title, article.body_text, 64 * 1024));
    features.push_back(dedup::shingles(folded.back()));
    count += features.back().size();
  }
  std::uint64_t sum = 0;
  const double ours = bench::best_seconds([&] {
    for (const auto& shingles : features) sum += dedup::simhash(shingles);
  });
  std::uint64_t other = 0;
  const double plain = bench::best_seconds([&] {
    for (const auto& shingles : features) other += plain_loop(shingles);
  });
  if (sum != other) {
    std::fputs("the two differ\n", stderr);
    return 1;
  }
  const double whole = bench::best_seconds([&] {
    for (const auto& article : articles) sum += dedup::simhash(dedup::shingles(dedup::fold(article.title, article.body_text, 64 * 1024)));
  });
  std::printf("%zu features: ours %.2f ns each, plain loop %.2f ns each; text to SimHash %.0f MB/s (%llx)\n", count,
              ours / static_cast<double>(count) * 1e9, plain / static_cast<double>(count) * 1e9, static_cast<double>(bytes) / whole / 1e6,
              static_cast<unsigned long long>(sum));
  bench::figure("simhash_vs_plain", plain / ours, "times");
  return 0;
}
