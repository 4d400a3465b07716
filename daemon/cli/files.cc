#include "cli/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tidings::cli {
namespace {

Error io_error(const std::string& file, std::string_view what) {
  return Error(errno == ENOENT ? Errc::not_found : Errc::io, fmt::format("{} {}: {}", file, what, std::strerror(errno)));
}

}  // namespace

Result<std::string> read_file(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return io_error(file, "cannot be read");
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) return io_error(file, "cannot be read");
  return text;
}

Result<void> write_new_file(const std::string& file, std::string_view text) {
  std::error_code error;
  const auto folder = std::filesystem::path(file).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  const std::string draft = fmt::format("{}.{}.tmp", file, ::getpid());
  {
    std::ofstream stream(draft, std::ios::binary | std::ios::trunc);
    stream << text << std::flush;
    if (!stream) {
      const Error failed = io_error(draft, "cannot be written");
      std::remove(draft.c_str());
      return failed;
    }
  }
  // link() refuses a name that is taken, where rename() would replace it.
  const int linked = ::link(draft.c_str(), file.c_str());
  const int why = errno;
  std::remove(draft.c_str());
  if (linked == 0) return {};
  errno = why;
  if (why == EEXIST) return Error(Errc::refused, fmt::format("{} is there already", file));
  return io_error(file, "cannot be written");
}

}  // namespace tidings::cli
