// The linear scan, by the widest instructions that the machine has.

#include <array>
#include <bit>

#include "dedup/near_index.h"
#include "dedup/simhash.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tidings::dedup {
namespace {

struct Query {
  std::uint64_t wanted;
  int max_distance;
  std::uint32_t first;
};

// Fingerprints from `at` on, one by one.
[[gnu::always_inline]] inline void rest(std::span<const std::uint64_t> fingerprints, std::size_t at, const Query& query,
                                        std::vector<Near>& out) {
  for (; at < fingerprints.size(); ++at) {
    const int distance = std::popcount(fingerprints[at] ^ query.wanted);
    if (distance <= query.max_distance) out.push_back({query.first + static_cast<std::uint32_t>(at), distance});
  }
}

void plain(std::span<const std::uint64_t> fingerprints, const Query& query, std::vector<Near>& out) { rest(fingerprints, 0, query, out); }

#if defined(__x86_64__)

// Those of the group at `at` whose bit is set, which are near.
void take(std::span<const std::uint64_t> fingerprints, std::size_t at, unsigned set, const Query& query, std::vector<Near>& out) {
  for (; set != 0; set &= set - 1) {
    const std::size_t i = at + static_cast<std::size_t>(std::countr_zero(set));
    out.push_back({query.first + static_cast<std::uint32_t>(i), hamming(fingerprints[i], query.wanted)});
  }
}

__attribute__((target("popcnt"))) void popcnt(std::span<const std::uint64_t> fingerprints, const Query& query, std::vector<Near>& out) {
  rest(fingerprints, 0, query, out);
}

// Counts the bits of each half byte by a table (Mula, Kurz and Lemire 2018).
__attribute__((target("avx2,popcnt"))) void avx2(std::span<const std::uint64_t> fingerprints, const Query& query, std::vector<Near>& out) {
  const __m256i wanted = _mm256_set1_epi64x(static_cast<long long>(query.wanted));
  const __m256i limit = _mm256_set1_epi64x(query.max_distance);
  const __m256i low = _mm256_set1_epi8(0x0F);
  const __m256i counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  std::size_t at = 0;
  for (; at + 4 <= fingerprints.size(); at += 4) {
    const __m256i differ = _mm256_xor_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(&fingerprints[at])), wanted);
    const __m256i bytes = _mm256_add_epi8(_mm256_shuffle_epi8(counts, _mm256_and_si256(differ, low)),
                                          _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(differ, 4), low)));
    const __m256i far = _mm256_cmpgt_epi64(_mm256_sad_epu8(bytes, _mm256_setzero_si256()), limit);
    const auto near = ~static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(far))) & 0xF;
    if (near != 0) take(fingerprints, at, near, query, out);
  }
  rest(fingerprints, at, query, out);
}

__attribute__((target("avx512f,avx512vpopcntdq,popcnt"))) void avx512(std::span<const std::uint64_t> fingerprints, const Query& query,
                                                                    std::vector<Near>& out) {
  const __m512i wanted = _mm512_set1_epi64(static_cast<long long>(query.wanted));
  const __m512i limit = _mm512_set1_epi64(query.max_distance);
  const std::uint64_t* const data = fingerprints.data();
  const auto near = [&](std::size_t at) __attribute__((target("avx512f,avx512vpopcntdq"))) {
    const __m512i differ = _mm512_xor_si512(_mm512_loadu_si512(data + at), wanted);
    return static_cast<unsigned>(_mm512_cmple_epi64_mask(_mm512_popcnt_epi64(differ), limit));
  };
  std::size_t at = 0;
  for (; at + 32 <= fingerprints.size(); at += 32) {
    const unsigned set = near(at) | near(at + 8) << 8 | near(at + 16) << 16 | near(at + 24) << 24;
    if (set != 0) take(fingerprints, at, set, query, out);
  }
  for (; at < fingerprints.size(); at += 8) {
    const std::size_t left = fingerprints.size() - at;
    const auto lanes = static_cast<__mmask8>(left >= 8 ? 0xFF : (1U << left) - 1);
    const __m512i differ = _mm512_xor_si512(_mm512_maskz_loadu_epi64(lanes, data + at), wanted);
    const unsigned set = _mm512_mask_cmple_epi64_mask(lanes, _mm512_popcnt_epi64(differ), limit);
    if (set != 0) take(fingerprints, at, set, query, out);
  }
}

#endif

struct Machine {
  std::array<ScanPath, 4> paths{ScanPath::plain};
  std::size_t count = 1;
};

const Machine& machine() {
  static const Machine kMachine = [] {
    Machine out;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt")) out.paths[out.count++] = ScanPath::popcnt;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) out.paths[out.count++] = ScanPath::avx2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq")) out.paths[out.count++] = ScanPath::avx512;
#endif
    return out;
  }();
  return kMachine;
}

}  // namespace

std::string_view name_of(ScanPath path) {
  switch (path) {
    case ScanPath::plain: return "plain";
    case ScanPath::popcnt: return "popcnt";
    case ScanPath::avx2: return "avx2";
    case ScanPath::avx512: return "avx512";
  }
  return "plain";
}

std::span<const ScanPath> scan_paths() { return std::span(machine().paths).first(machine().count); }

void scan(std::span<const std::uint64_t> fingerprints, std::uint64_t wanted, int max_distance, std::uint32_t first, std::vector<Near>& out) {
  scan(fingerprints, wanted, max_distance, first, out, scan_paths().back());
}

void scan(std::span<const std::uint64_t> fingerprints, std::uint64_t wanted, int max_distance, std::uint32_t first, std::vector<Near>& out,
          ScanPath path) {
  const Query query{wanted, max_distance, first};
  switch (path) {
#if defined(__x86_64__)
    case ScanPath::popcnt: return popcnt(fingerprints, query, out);
    case ScanPath::avx2: return avx2(fingerprints, query, out);
    case ScanPath::avx512: return avx512(fingerprints, query, out);
#endif
    default: return plain(fingerprints, query, out);
  }
}

}  // namespace tidings::dedup
