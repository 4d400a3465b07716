#pragma once
// Small integers as bytes: LEB128 varints and little-endian fixed ones.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace tidings::dedup {

class Writer {
 public:
  void byte(unsigned value) { out_.push_back(static_cast<char>(value)); }
  template <class T>
  void fixed(T value) {
    for (unsigned i = 0; i < sizeof(T); ++i) byte(static_cast<unsigned>(value >> (8 * i) & 0xFF));
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7F) | 0x80);
    byte(static_cast<unsigned>(value));
  }
  void key(const Hash128& hash) {
    fixed(hash.high);
    fixed(hash.low);
  }
  std::string take() && { return std::move(out_); }
  std::string_view view() const { return out_; }

 private:
  std::string out_;
};

// Past the end every read gives 0 and good() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  unsigned byte() {
    if (rest_.empty()) {
      good_ = false;
      return 0;
    }
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  template <class T>
  T fixed() {
    T value = 0;
    for (unsigned i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | static_cast<T>(static_cast<T>(byte()) << (8 * i)));
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
    good_ = false;
    return value;
  }
  // A count that may not pass `most`.
  std::size_t count(std::size_t most) {
    const std::uint64_t n = varint();
    if (n > most) good_ = false;
    return good_ ? static_cast<std::size_t>(n) : 0;
  }
  Hash128 key() {
    Hash128 hash;
    hash.high = fixed<std::uint64_t>();
    hash.low = fixed<std::uint64_t>();
    return hash;
  }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace tidings::dedup
