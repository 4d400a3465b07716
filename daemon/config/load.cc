#include "config/load.h"

#include <fmt/format.h>
#include <glob.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace tidings::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 16 << 20;

std::optional<Document> read_file(const std::string& file, std::vector<Mistake>& mistakes) {
  const auto refuse = [&](std::string why) {
    mistakes.push_back({file, 0, 0, std::move(why), {}});
    return std::nullopt;
  };
  std::error_code error;
  if (fs::is_directory(file, error)) return refuse("this is a folder, not a file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return refuse(fmt::format("cannot be read: {}", std::strerror(errno)));
  if (const auto size = fs::file_size(file, error); !error && size > kMaxFileBytes) return refuse("is longer than 16 MiB");
  return Document{file, {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}};
}

// The files that a pattern names, in the order of their names.
std::vector<std::string> expand(const std::string& pattern) {
  glob_t found{};
  const std::unique_ptr<glob_t, decltype(&::globfree)> guard(&found, ::globfree);
  if (::glob(pattern.c_str(), 0, nullptr, &found) != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

std::vector<Document> read_included(const std::string& main, const std::vector<std::string>& patterns, std::vector<Mistake>& mistakes) {
  const fs::path folder = fs::path(main).parent_path();
  std::vector<Document> documents;
  for (const auto& pattern : patterns) {
    const std::string full = (folder / pattern).string();
    const bool is_pattern = pattern.find_first_of("*?[") != std::string::npos;
    for (const auto& file : is_pattern ? expand(full) : std::vector{full}) {
      if (auto document = read_file(file, mistakes)) documents.push_back(std::move(*document));
    }
  }
  return documents;
}

}  // namespace

Overrides overrides_from_environment() {
  Overrides overrides;
  if (const char* url = std::getenv("TIDINGS_REDIS_URL")) overrides.redis_url = url;
  return overrides;
}

Loaded load(const std::string& file, const Overrides& overrides, const Checks& checks) {
  Loaded loaded;
  const auto main = read_file(file, loaded.mistakes);
  if (!main) return loaded;
  const Include include = [&file](const auto& patterns, auto& mistakes) { return read_included(file, patterns, mistakes); };
  return read(*main, include, overrides, checks);
}

}  // namespace tidings::config
