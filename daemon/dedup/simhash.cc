#include "dedup/simhash.h"

#include <array>

namespace tidings::dedup {
namespace {

// 64 counters held as bit planes: plane p holds bit p of each. Words are added eight at a time by carry-save adders, a
// few operations a word for all 64 counters (Harley and Seal; Mula, Kurz and Lemire 2018).
class Counters {
 public:
  void add(std::span<const std::uint64_t, 8> w) {
    std::uint64_t twos[4];
    std::uint64_t fours[2];
    for (std::size_t i = 0; i < 4; ++i) twos[i] = carry(planes_[0], w[2 * i], w[2 * i + 1]);
    for (std::size_t i = 0; i < 2; ++i) fours[i] = carry(planes_[1], twos[2 * i], twos[2 * i + 1]);
    add(carry(planes_[2], fours[0], fours[1]), 3);
  }
  // Adds 2^plane to each counter whose bit is set.
  void add(std::uint64_t word, std::size_t plane = 0) {
    for (std::size_t p = plane; word != 0 && p < kPlanes; ++p) {
      const std::uint64_t more = planes_[p] & word;
      planes_[p] ^= word;
      word = more;
    }
  }
  // The counters that are above `limit`.
  std::uint64_t above(std::uint64_t limit) const {
    std::uint64_t greater = 0;
    std::uint64_t equal = ~std::uint64_t{0};
    for (std::size_t p = kPlanes; p-- > 0;) {
      const std::uint64_t bit = (limit >> p & 1) != 0 ? ~std::uint64_t{0} : 0;
      greater |= equal & planes_[p] & ~bit;
      equal &= ~(planes_[p] ^ bit);
    }
    return greater;
  }

 private:
  static constexpr std::size_t kPlanes = 32;

  // Adds two words to a plane; what does not fit is carried to the next.
  static std::uint64_t carry(std::uint64_t& plane, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t half = plane ^ a;
    const std::uint64_t out = (plane & a) | (half & b);
    plane = half ^ b;
    return out;
  }

  std::array<std::uint64_t, kPlanes> planes_{};
};

}  // namespace

std::uint64_t simhash(std::span<const Shingle> shingles) {
  Counters counters;
  std::size_t i = 0;
  for (; i + 8 <= shingles.size(); i += 8) counters.add(std::span<const std::uint64_t, 8>(shingles.data() + i, 8));
  for (; i < shingles.size(); ++i) counters.add(shingles[i]);
  return counters.above(shingles.size() / 2);
}

}  // namespace tidings::dedup
