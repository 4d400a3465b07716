#pragma once
// Bytes that live together and are forgotten together: text that is made while one entry is read.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::feed {

class Arena {
 public:
  // The copy is good until reset().
  std::string_view keep(std::string_view s) {
    if (s.empty()) return s.data() == nullptr ? s : std::string_view("");
    char* to = room(s.size());
    std::memcpy(to, s.data(), s.size());
    return {to, s.size()};
  }

  // Keeps the largest chunk for what comes next.
  void reset() {
    if (chunks_.size() > 1) {
      std::swap(chunks_.front(), chunks_.back());
      chunks_.resize(1);
    }
    used_ = 0;
    if (!chunks_.empty() && chunks_[0].size > kMaxChunk) chunks_.clear();
  }

 private:
  static constexpr std::size_t kFirstChunk = 4 * 1024;
  static constexpr std::size_t kMaxChunk = 64 * 1024;
  struct Chunk {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  char* room(std::size_t n) {
    if (chunks_.empty() || chunks_.back().size - used_ < n) {
      const std::size_t size = std::max(n, chunks_.empty() ? kFirstChunk : std::min(kMaxChunk, 2 * chunks_.back().size));
      chunks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
      used_ = 0;
    }
    char* at = chunks_.back().bytes.get() + used_;
    used_ += n;
    return at;
  }

  std::vector<Chunk> chunks_;
  std::size_t used_ = 0;
};

}  // namespace tidings::feed
