#pragma once
// A lock file that says: one process has this store.

#include <string>

#include "base/result.h"

namespace tidings::store {

// Held until it is destroyed or the process ends, however it ends.
class FileLock {
 public:
  // Errc::refused, with the other's process id, where it is taken; Errc::io where the file cannot be made.
  static Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_;
};

}  // namespace tidings::store
