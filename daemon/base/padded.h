#pragma once
// A byte string that always keeps 64 readable bytes after its end, as simdjson and our scanners want,
// so that a response body is never copied on its way to a parser.

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace tidings {

class PaddedBytes {
 public:
  static constexpr std::size_t kPadding = 64;

  PaddedBytes() = default;
  explicit PaddedBytes(std::string_view bytes) { append(bytes); }
  PaddedBytes(PaddedBytes&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  PaddedBytes& operator=(PaddedBytes&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  void reserve(std::size_t n) {
    if (n <= capacity_) return;
    auto grown = std::make_unique_for_overwrite<char[]>(n + kPadding);
    if (size_ > 0) std::memcpy(grown.get(), data_.get(), size_);
    data_ = std::move(grown);
    capacity_ = n;
    pad();
  }

  void append(std::string_view bytes) {
    if (size_ + bytes.size() > capacity_) {
      reserve(size_ + bytes.size() > 2 * capacity_ ? size_ + bytes.size() : 2 * capacity_);
    }
    if (!bytes.empty()) std::memcpy(data_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    pad();
  }

  void clear() {
    size_ = 0;
    pad();
  }

  const char* data() const { return data_ ? data_.get() : kEmpty; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {data(), size_}; }

 private:
  static constexpr char kEmpty[kPadding] = {};

  void pad() {
    if (data_) std::memset(data_.get() + size_, 0, kPadding);
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace tidings
