#include "dedup/shingles.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

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

// Of the kLength characters at `from`: each by itself and not rolled on from the one before, which would make each wait
// for that one's product.
std::uint64_t hash_at(const char16_t* from) {
  std::uint64_t first = 0;
  std::uint32_t second = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&second, from + 4, sizeof second);
  } else {
    for (std::size_t i = 0; i < 4; ++i) first |= std::uint64_t{from[i]} << (16 * i);
    for (std::size_t i = 0; i < 2; ++i) second |= std::uint32_t{from[4 + i]} << (16 * i);
  }
  return mix(first ^ second * 0x9FB21C651E98DF25U) | 1;
}

// Leaves the first of equal hashes. They are remembered by 16 of their bits, in a table at most a quarter full: one in
// some hundred thousand is taken for another.
void remove_repeated(std::vector<Shingle>& hashes) {
  std::vector<std::uint16_t> tags(std::bit_ceil(std::max<std::size_t>(64, 4 * hashes.size())));
  const std::size_t mask = tags.size() - 1;
  std::size_t kept = 0;
  for (const Shingle hash : hashes) {
    const auto tag = static_cast<std::uint16_t>((hash >> 48) | 1);  // never 0, which marks a free place
    std::size_t i = (hash >> 1) & mask;
    while (tags[i] != 0 && tags[i] != tag) i = (i + 1) & mask;
    hashes[kept] = hash;
    kept += tags[i] == 0;
    tags[i] = tag;
  }
  hashes.resize(kept);
}

}  // namespace

std::vector<Shingle> shingles(const Folded& text) {
  std::vector<Shingle> out;
  out.reserve(text.text.size() + 1);
  for (std::size_t i = 0; i < text.words.size();) {
    // A run of words of one kind lies in the text with single spaces between them.
    const std::size_t first = i;
    const bool ideographs = text.words[i].ideograph;
    while (i < text.words.size() && text.words[i].ideograph == ideographs) ++i;
    if (ideographs) {
      for (std::size_t k = first + 1; k < i; ++k) {
        out.push_back(mix(std::uint64_t{text.text[text.words[k - 1].begin]} << 16 | text.text[text.words[k].begin]) | 1);
      }
      continue;
    }
    const std::size_t begin = text.words[first].begin;
    std::size_t end = text.words[i - 1].begin + text.words[i - 1].size;
    const bool last = end == text.text.size();
    if (!last) ++end;  // with the space behind it
    for (std::size_t k = begin; k + kLength <= end; ++k) out.push_back(hash_at(&text.text[k]));
    // Behind the last word there is none.
    if (last && end - begin + 1 >= kLength) {
      std::array<char16_t, kLength> padded{};
      std::memcpy(padded.data(), &text.text[end + 1 - kLength], (kLength - 1) * sizeof(char16_t));
      padded.back() = u' ';
      out.push_back(hash_at(padded.data()));
    }
  }
  remove_repeated(out);
  return out;
}

}  // namespace tidings::dedup
