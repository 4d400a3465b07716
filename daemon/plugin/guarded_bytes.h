#pragma once
// Bytes whose end is the end of readable memory, and that can be taken away: for finding out who reads too far or too late.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>

namespace tidings::plugin {

class GuardedBytes {
 public:
  // `padding` zero bytes follow, and then nothing that may be read. The bytes are aligned where size + padding is.
  explicit GuardedBytes(std::string_view bytes, std::size_t padding = 0) : size_(bytes.size()) {
    const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    readable_ = (size_ + padding + page - 1) / page * page;
    mapped_ = readable_ + page;
    void* at = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    begin_ = static_cast<char*>(at);
    ::mprotect(begin_ + readable_, page, PROT_NONE);
    bytes_ = begin_ + (readable_ - size_ - padding);
    if (size_ > 0) std::memcpy(bytes_, bytes.data(), size_);
  }
  ~GuardedBytes() { ::munmap(begin_, mapped_); }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;

  // From now on nobody may read them.
  void forget() { ::mprotect(begin_, readable_, PROT_NONE); }

  const char* data() const { return bytes_; }
  std::size_t size() const { return size_; }

 private:
  char* begin_ = nullptr;
  char* bytes_ = nullptr;
  std::size_t size_;
  std::size_t readable_ = 0;
  std::size_t mapped_ = 0;
};

}  // namespace tidings::plugin
