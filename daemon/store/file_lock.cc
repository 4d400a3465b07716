#include "store/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tidings::store {

Result<FileLock> FileLock::take(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) return Error(Errc::io, fmt::format("cannot make the lock file {}: {}", path, std::strerror(errno)));
  FileLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const auto size = ::pread(file, holder, sizeof(holder) - 1, 0);
    return Error(Errc::refused, fmt::format("another process ({}) has the store of lock file {}",
                                            size > 0 ? holder : "its id is unknown", path));
  }
  // For people; a failure to write it does not matter.
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file, 0) == 0) static_cast<void>(!::pwrite(file, pid.data(), pid.size(), 0));
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tidings::store
