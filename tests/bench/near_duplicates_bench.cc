// The workload `near_duplicates`: candidates within Hamming distance 16 among 1 and 10 million fingerprints of a window,
// and within 3 among 4 million by the index of blocks, against faiss' IndexBinaryMultiHash.

#include "articles.h"
#include "dedup/near_index.h"
#include "dedup/window.h"

#ifdef TIDINGS_FAISS
#include <faiss/IndexBinaryHash.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <omp.h>
#endif

namespace {

using namespace tidings;

std::vector<std::uint64_t> made_fingerprints(std::size_t count) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> out(count);
  for (auto& one : out) one = random();
  return out;
}

// Half of them near to what is there, half not.
std::vector<std::uint64_t> made_queries(const std::vector<std::uint64_t>& all, std::size_t count, unsigned most_flips) {
  std::mt19937_64 random(8);
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t query = random();
    if (i % 2 == 0) {
      query = all[random() % all.size()];
      for (auto flips = random() % (most_flips + 1); flips > 0; --flips) query ^= std::uint64_t{1} << random() % 64;
    }
    out.push_back(query);
  }
  return out;
}

bool scan_of(std::size_t count, const char* name) {
  constexpr int kDistance = 16;
  const auto all = made_fingerprints(count);
  dedup::Window window(kDistance, count);
  for (std::size_t i = 0; i < all.size(); ++i) {
    dedup::Kept kept;
    kept.item = {i, i << 32};
    dedup::ItemKeys keys;
    keys.simhash = all[i];
    window.add(kept, keys, {});
  }
  const auto queries = made_queries(all, 400, kDistance);
  std::vector<double> milliseconds;
  std::vector<double> on_the_wall;
  std::size_t found = 0;
  for (const std::uint64_t query : queries) {
    const double wall = bench::wall_seconds();
    const double start = bench::thread_seconds();
    found += window.near(query).size();
    milliseconds.push_back((bench::thread_seconds() - start) * 1e3);
    on_the_wall.push_back((bench::wall_seconds() - wall) * 1e3);
  }
  for (std::size_t i = 0; i < queries.size(); i += 40) {
    std::vector<dedup::Near> expected;
    dedup::scan(all, queries[i], kDistance, 0, expected, dedup::ScanPath::plain);
    if (window.near(queries[i]) != expected) {
      std::fputs("the window and the plain scan differ\n", stderr);
      return false;
    }
  }
  std::printf("%zu fingerprints, k <= %d: p50 %.3f ms, p99 %.3f ms (wall clock %.3f, %.3f), %.1f candidates each, path %s\n", count, kDistance,
              bench::percentile(milliseconds, 0.5), bench::percentile(milliseconds, 0.99), bench::percentile(on_the_wall, 0.5),
              bench::percentile(on_the_wall, 0.99), static_cast<double>(found) / static_cast<double>(queries.size()), std::string(dedup::name_of(dedup::scan_paths().back())).c_str());
  bench::figure(name, bench::percentile(milliseconds, 0.99), "ms");
  return true;
}

bool index_of() {
  constexpr std::size_t kCount = 4'000'000;
  constexpr int kDistance = 3;
  const auto all = made_fingerprints(kCount);
  dedup::NearIndex index;
  for (std::size_t i = 0; i < all.size(); ++i) index.add(all[i], static_cast<std::uint32_t>(i));
  const auto queries = made_queries(all, 20'000, kDistance);
  std::size_t found = 0;
  const double ours = bench::best_seconds([&] {
    found = 0;
    for (const std::uint64_t query : queries) found += index.near(query, kDistance).size();
  });
  for (std::size_t i = 0; i < queries.size(); i += 400) {
    std::vector<dedup::Near> expected;
    dedup::scan(all, queries[i], kDistance, 0, expected);
    if (index.near(queries[i], kDistance) != expected) {
      std::fputs("the index and the scan differ\n", stderr);
      return false;
    }
  }
  const double per_second = static_cast<double>(queries.size()) / ours;
  std::printf("%zu fingerprints, k <= %d: %.0f queries/s, %zu found, %.0f bytes each\n", kCount, kDistance, per_second, found,
              static_cast<double>(index.bytes()) / kCount);
#ifdef TIDINGS_FAISS
  omp_set_num_threads(1);
  faiss::IndexBinaryMultiHash peer(64, 4, 16);
  peer.nflip = 0;
  peer.own_fields = true;
  peer.add(static_cast<faiss::Index::idx_t>(all.size()), reinterpret_cast<const std::uint8_t*>(all.data()));
  std::size_t peer_found = 0;
  const double theirs = bench::best_seconds([&] {
    faiss::RangeSearchResult result(static_cast<faiss::Index::idx_t>(queries.size()));
    peer.range_search(static_cast<faiss::Index::idx_t>(queries.size()), reinterpret_cast<const std::uint8_t*>(queries.data()), kDistance + 1, &result);
    peer_found = result.lims[queries.size()];
  }, 3);
  if (peer_found != found) std::printf("faiss finds %zu and we %zu\n", peer_found, found);
  std::printf("faiss IndexBinaryMultiHash(64, 4, 16): %.0f queries/s, all in one call\n", static_cast<double>(queries.size()) / theirs);
  bench::figure("near_k3_4m_vs_faiss", theirs / ours, "times");
#else
  std::puts("libfaiss-dev is not installed: no comparison");
#endif
  return true;
}

}  // namespace

int main() {
  bench::announce("near_duplicates");
  const bool right = scan_of(1'000'000, "near_k16_1m_p99_ms") && scan_of(10'000'000, "near_k16_10m_p99_ms") && index_of();
  return right ? 0 : 1;
}
