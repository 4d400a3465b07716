#include "dedup/simhash.h"

#include <array>

namespace tidings::dedup {
namespace {

// 64 counters held as bit planes: plane p holds bit p of each. Adding a word to all of them is a ripple of carries
// through the planes, a few operations for 64 counters (carry-save addition; Harley and Seal).
class Counters {
 public:
  // Adds 2^shift to each counter whose bit is set.
  void add(std::uint64_t word, unsigned shift) {
    for (unsigned p = shift; word != 0 && p < kPlanes; ++p) {
      const std::uint64_t carry = planes_[p] & word;
      planes_[p] ^= word;
      word = carry;
    }
  }
  // The counters that are above `limit`.
  std::uint64_t above(std::uint64_t limit) const {
    std::uint64_t greater = 0;
    std::uint64_t equal = ~std::uint64_t{0};
    for (unsigned p = kPlanes; p-- > 0;) {
      const std::uint64_t bit = (limit >> p & 1) != 0 ? ~std::uint64_t{0} : 0;
      greater |= equal & planes_[p] & ~bit;
      equal &= ~(planes_[p] ^ bit);
    }
    return greater;
  }

 private:
  static constexpr unsigned kPlanes = 40;
  std::array<std::uint64_t, kPlanes> planes_{};
};

}  // namespace

std::uint64_t simhash(std::span<const Shingle> shingles) {
  Counters counters;
  std::uint64_t total = 0;
  for (const Shingle& shingle : shingles) {
    counters.add(shingle.hash, static_cast<unsigned>(std::countr_zero(shingle.weight)));
    total += shingle.weight;
  }
  return counters.above(total / 2);
}

}  // namespace tidings::dedup
