#include "dedup/shingles.h"

#include <array>
#include <memory>

namespace tidings::dedup {
namespace {

constexpr std::size_t kLength = 6;

// A permutation of 64 bits (splitmix64, public domain, S. Vigna).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// Remembers hashes; sized so that the load stays below a half.
class Seen {
 public:
  explicit Seen(std::size_t count) {
    std::size_t size = 64;
    while (size < 2 * count) size *= 2;
    slots_.resize(size);
    mask_ = size - 1;
  }
  bool insert(std::uint64_t hash) {
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      if (slots_[i] == hash) return false;
      if (slots_[i] == 0) {
        slots_[i] = hash;
        return true;
      }
    }
  }

 private:
  std::vector<std::uint64_t> slots_;
  std::size_t mask_ = 0;
};

}  // namespace

std::vector<Shingle> shingles(const Folded& text) {
  std::vector<Shingle> out;
  out.reserve(text.text.size());
  Seen seen(text.text.size());
  const auto add = [&](std::uint64_t packed, std::uint32_t weight) {
    const std::uint64_t hash = mix(packed) | 1;  // never 0, which marks a free slot
    if (seen.insert(hash)) out.push_back({hash, weight});
  };
  std::array<char16_t, 16> ring{};
  std::size_t filled = 0;
  char16_t last_ideograph = 0;
  for (const Word& word : text.words) {
    if (word.ideograph) {
      const char16_t c = text.text[word.begin];
      if (last_ideograph != 0) add(static_cast<std::uint64_t>(last_ideograph) << 16 | c, 1);
      last_ideograph = c;
      filled = 0;
      continue;
    }
    last_ideograph = 0;
    for (std::uint32_t i = 0; i <= word.size; ++i) {
      const char16_t c = i < word.size ? text.text[word.begin + i] : u' ';
      ring[filled % kLength] = c;
      if (++filled >= kLength) {
        std::uint64_t h = 0;
        for (std::size_t k = 0; k < kLength; ++k) h = h * 0x100000001B3U + ring[(filled + k) % kLength];
        add(h, 1);
      }
    }
  }
  return out;
}

}  // namespace tidings::dedup
