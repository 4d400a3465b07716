#include "dedup/sketch.h"

#include <algorithm>

namespace tidings::dedup {

std::vector<std::uint32_t> make_sketch(std::span<const Shingle> shingles) {
  const std::size_t size = std::clamp(shingles.size() / kShinglesPerEntry, kMinSketch, kMaxSketch);
  // Hashes are spread evenly: the smallest are below a limit that leaves half as many again, or nearly always.
  std::uint64_t limit = std::uint64_t{1} << kSketchBits;
  if (shingles.size() > 4 * size) limit = limit * (size + size / 2 + 16) / shingles.size();
  std::vector<std::uint32_t> out;
  for (;;) {
    // Without a branch, which none could foretell.
    out.resize(shingles.size());
    std::size_t below = 0;
    for (const Shingle hash : shingles) {
      out[below] = static_cast<std::uint32_t>(hash >> (64 - kSketchBits));
      below += out[below] < limit;
    }
    out.resize(below);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    if (out.size() >= size || limit >= std::uint64_t{1} << kSketchBits) break;
    limit *= 4;
  }
  if (out.size() > size) out.resize(size);
  out.shrink_to_fit();
  return out;
}

Overlap overlap(std::span<const std::uint32_t> a, std::uint32_t a_size, std::span<const std::uint32_t> b, std::uint32_t b_size) {
  Overlap out;
  if (a.empty() || b.empty()) return out;
  // Both sketches are complete up to the lower of their last hashes; beyond it only where they hold the whole set.
  std::uint32_t limit = UINT32_MAX;
  if (a.size() < a_size) limit = std::min(limit, a.back());
  if (b.size() < b_size) limit = std::min(limit, b.back());
  std::size_t in_a = 0;
  std::size_t in_b = 0;
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    const std::uint32_t x = i < a.size() ? a[i] : UINT32_MAX;
    const std::uint32_t y = j < b.size() ? b[j] : UINT32_MAX;
    if (std::min(x, y) > limit) break;
    if (x == y) {
      ++shared, ++in_a, ++in_b, ++i, ++j;
    } else if (x < y) {
      ++in_a, ++i;
    } else {
      ++in_b, ++j;
    }
  }
  out.support = a_size <= b_size ? in_a : in_b;
  const double all = static_cast<double>(in_a + in_b - shared);
  if (all == 0) return out;
  out.jaccard = static_cast<double>(shared) / all;
  // From J = s / (|A| + |B| - s).
  const double both = static_cast<double>(a_size) + static_cast<double>(b_size);
  const double smaller = static_cast<double>(std::min(a_size, b_size));
  out.containment = std::min(1.0, out.jaccard * both / (1 + out.jaccard) / smaller);
  return out;
}

}  // namespace tidings::dedup
