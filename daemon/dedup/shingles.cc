#include "dedup/shingles.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kLength = 6;
constexpr std::uint64_t kBase = 0x100000001B3U;

constexpr std::uint64_t power(std::size_t n) { return n == 0 ? 1 : kBase * power(n - 1); }

// A permutation of 64 bits (splitmix64, public domain, S. Vigna).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

// Remembers hashes by half of their bits; sized so that the load stays below a half.
class Seen {
 public:
  explicit Seen(std::size_t count) {
    std::size_t size = 64;
    while (size < 2 * count) size *= 2;
    slots_.resize(size);
    mask_ = size - 1;
  }
  bool insert(std::uint64_t hash) {
    const auto half = static_cast<std::uint32_t>(hash >> 32) | 1;  // never 0, which marks a free slot
    for (std::size_t i = hash & mask_;; i = (i + 1) & mask_) {
      if (slots_[i] == half) return false;
      if (slots_[i] == 0) {
        slots_[i] = half;
        return true;
      }
    }
  }

 private:
  std::vector<std::uint32_t> slots_;
  std::size_t mask_ = 0;
};

}  // namespace

std::vector<Shingle> shingles(const Folded& text) {
  std::vector<Shingle> out;
  out.reserve(text.text.size());
  Seen seen(text.text.size());
  const auto add = [&](std::uint64_t packed) {
    const std::uint64_t hash = mix(packed) | 1;
    if (seen.insert(hash)) out.push_back(hash);
  };
  const auto at = [&](std::size_t i) { return i < text.text.size() ? text.text[i] : u' '; };
  for (std::size_t i = 0; i < text.words.size();) {
    // A run of words of one kind lies in the text with single spaces between them.
    const std::size_t first = i;
    const bool ideographs = text.words[i].ideograph;
    while (i < text.words.size() && text.words[i].ideograph == ideographs) ++i;
    if (ideographs) {
      for (std::size_t k = first + 1; k < i; ++k) {
        add(static_cast<std::uint64_t>(text.text[text.words[k - 1].begin]) << 16 | text.text[text.words[k].begin]);
      }
      continue;
    }
    const std::size_t begin = text.words[first].begin;
    const std::size_t end = text.words[i - 1].begin + text.words[i - 1].size + 1;  // with the space behind it
    std::uint64_t h = 0;
    for (std::size_t k = begin; k < end; ++k) {
      if (k >= begin + kLength) h -= at(k - kLength) * power(kLength - 1);
      h = h * kBase + at(k);
      if (k + 1 >= begin + kLength) add(h);
    }
  }
  return out;
}

}  // namespace tidings::dedup
