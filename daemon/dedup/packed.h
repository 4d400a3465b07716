#pragma once
// Small integers as bytes: LEB128 varints, little-endian fixed ones, and ascending ones as Rice codes.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace tidings::dedup {

class Writer {
 public:
  void byte(unsigned value) { out_.push_back(static_cast<char>(value)); }
  void bytes(std::string_view value) { out_ += value; }
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
  // Differences between ascending numbers below 2^28: the low bits as they are, the rest in unary (Rice 1979). Their
  // count is not written.
  void ascending(std::span<const std::uint32_t> values) {
    if (values.empty()) return;
    const auto low_bits = static_cast<unsigned>(std::bit_width(values.back() / values.size() | 1)) - 1;
    byte(low_bits);
    std::uint64_t bits = 0;
    unsigned filled = 0;
    out_.reserve(out_.size() + values.size() * (low_bits + 3) / 8 + 16);
    // At most 56 bits at a time.
    const auto put = [&](std::uint64_t value, unsigned count) {
      bits |= value << filled;
      for (filled += count; filled >= 8; filled -= 8, bits >>= 8) byte(static_cast<unsigned>(bits & 0xFF));
    };
    std::uint32_t last = 0;
    for (const std::uint32_t value : values) {
      const std::uint32_t difference = value - last;
      last = value;
      std::uint32_t more = difference >> low_bits;
      for (; more > 24; --more) put(1, 1);
      put(((std::uint64_t{1} << more) - 1) | std::uint64_t{difference & ((1U << low_bits) - 1)} << (more + 1), more + 1 + low_bits);
    }
    if (filled > 0) byte(static_cast<unsigned>(bits & 0xFF));
  }
  std::string take() && { return std::move(out_); }
  std::string_view view() const { return out_; }

 private:
  std::string out_;
};

// Reads what Writer::ascending() wrote, one by one.
class AscendingReader {
 public:
  explicit AscendingReader(std::string_view bytes) : bytes_(bytes), low_bits_(bytes.empty() ? 0 : static_cast<unsigned char>(bytes[0]) & 31U) {}
  // 0 and not good() past the end.
  std::uint32_t next() {
    std::uint32_t more = 0;
    for (;;) {
      if (filled_ < 32) fill();
      const auto ones = std::min(static_cast<unsigned>(std::countr_one(bits_)), filled_);
      more += ones;
      const bool whole = ones < filled_;
      drop(whole ? ones + 1 : ones);
      if (whole) break;
      if (at_ >= bytes_.size()) {
        good_ = false;
        return 0;
      }
    }
    if (filled_ < low_bits_) fill();
    if (filled_ < low_bits_) {
      good_ = false;
      return 0;
    }
    last_ += (more << low_bits_) | static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << low_bits_) - 1));
    drop(low_bits_);
    return last_;
  }
  bool good() const { return good_; }
  std::size_t bytes_read() const { return std::min(bytes_.size(), at_ - filled_ / 8); }

 private:
  // To 56 bits or more where there are so many.
  void fill() {
    if constexpr (std::endian::native == std::endian::little) {
      if (at_ + 8 <= bytes_.size()) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes_.data() + at_, sizeof word);
        const unsigned whole = (63 - filled_) / 8;
        bits_ |= (word & (~std::uint64_t{0} >> (64 - 8 * whole))) << filled_;
        at_ += whole;
        filled_ += 8 * whole;
        return;
      }
    }
    for (; filled_ < 56 && at_ < bytes_.size(); filled_ += 8) bits_ |= std::uint64_t{static_cast<unsigned char>(bytes_[at_++])} << filled_;
  }
  void drop(unsigned count) {
    bits_ >>= count;
    filled_ -= count;
  }

  std::string_view bytes_;
  std::size_t at_ = 1;
  std::uint64_t bits_ = 0;  // none is set from filled_ on
  unsigned filled_ = 0;
  unsigned low_bits_;
  std::uint32_t last_ = 0;
  bool good_ = true;
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
  std::string_view bytes(std::size_t size) {
    if (size > rest_.size()) good_ = false;
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(out.size());
    return out;
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
  std::vector<std::uint32_t> ascending(std::size_t count) {
    std::vector<std::uint32_t> out;
    if (count == 0) return out;
    out.reserve(count);
    AscendingReader in(rest_);
    while (out.size() < count && in.good()) out.push_back(in.next());
    good_ = good_ && !rest_.empty() && in.good();
    rest_.remove_prefix(in.bytes_read());
    if (!good_) out.clear();
    return out;
  }
  std::string_view rest() const { return rest_; }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace tidings::dedup
