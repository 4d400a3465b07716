#pragma once
// Fingerprints within a Hamming distance of a given one, exactly: by a linear scan, which at the distances that news
// needs is the fastest way for windows of some millions, or by an index of blocks of bits for small distances and
// larger windows (Manku, Jain and Das Sarma 2007; Norouzi, Punjani and Fleet 2012: where k bits differ, one of four
// blocks differs in at most k / 4).

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tidings::dedup {

struct Near {
  std::uint32_t position = 0;
  int distance = 0;
  bool operator==(const Near&) const = default;
};

// How the bits are counted. All give the same result.
enum class ScanPath : std::uint8_t { plain, popcnt, avx2, avx512 };
std::string_view name_of(ScanPath path);
// Those that this machine has, the fastest last.
std::span<const ScanPath> scan_paths();

// Adds to `out` all within max_distance, in order; the position of the first fingerprint is `first`. The fastest path of
// the machine is taken.
void scan(std::span<const std::uint64_t> fingerprints, std::uint64_t wanted, int max_distance, std::uint32_t first, std::vector<Near>& out);
void scan(std::span<const std::uint64_t> fingerprints, std::uint64_t wanted, int max_distance, std::uint32_t first, std::vector<Near>& out,
          ScanPath path);

// Four tables of all fingerprints by each of their blocks of 16 bits. About 60 bytes a fingerprint.
class NearIndex {
 public:
  // The greatest distance that is asked for; beyond, more buckets are looked into than a scan is worth.
  static constexpr int kMaxDistance = 19;
  // Up to here it looks into one bucket of each table.
  static constexpr int kNarrow = 3;

  NearIndex();
  // Positions ascend from one call to the next.
  void add(std::uint64_t fingerprint, std::uint32_t position);
  void forget_before(std::uint32_t position) { first_ = position; }
  // All within max_distance (at most kMaxDistance), by position.
  std::vector<Near> near(std::uint64_t wanted, int max_distance) const;
  std::size_t bytes() const;

 private:
  static constexpr unsigned kBlocks = 4;
  static constexpr unsigned kBits = 16;
  struct Bucket {
    std::vector<std::uint64_t> fingerprints;
    std::vector<std::uint32_t> positions;
  };
  static std::size_t bucket_of(std::uint64_t fingerprint, unsigned block) {
    return (std::size_t{block} << kBits) | (fingerprint >> (block * kBits) & 0xFFFF);
  }
  void make_room(Bucket& bucket) const;
  void look_into(unsigned block, std::uint64_t mask, std::uint64_t wanted, int max_distance, std::vector<Near>& found,
                 std::vector<Near>& out) const;

  std::vector<Bucket> buckets_;
  std::uint32_t first_ = 0;
};

}  // namespace tidings::dedup
