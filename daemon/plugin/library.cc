#include "plugin/library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace tidings::plugin {
namespace {

constexpr const char* kSymbol = "tidings_plugin_v1";
// What a plugin of the first version has at the least.
constexpr std::size_t kMinimumSize = offsetof(tidings_plugin, parse) + sizeof(tidings_plugin::parse);

std::string loader_error() {
  const char* said = dlerror();
  return said != nullptr ? said : "the dynamic loader does not say why";
}

}  // namespace

Result<Library> Library::load(const std::string& file) {
  const auto refused = [&](std::string_view why) { return Error(Errc::invalid, fmt::format("plugin {}: {}", file, why)); };
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return Error(Errc::not_found, fmt::format("plugin {}: there is no such file", file));
  if (!S_ISREG(status.st_mode)) return refused("this is no file");
  if ((status.st_mode & S_IWOTH) != 0) return refused("anybody may write to this file: chmod o-w");
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return refused("cannot be loaded: " + loader_error());
  auto* describe = reinterpret_cast<const tidings_plugin* (*)()>(dlsym(handle, kSymbol));
  if (describe == nullptr) return refused(fmt::format("this is no plugin of ours: it has no {}", kSymbol));
  const tidings_plugin* described = describe();
  if (described == nullptr) return refused("describes nothing");
  if (described->struct_size < kMinimumSize) return refused("describes less than the ABI asks for");

  Library library;
  library.file_ = file;
  std::memcpy(&library.abi_, described, std::min<std::size_t>(described->struct_size, sizeof(tidings_plugin)));
  const tidings_plugin& abi = library.abi_;
  if (abi.abi_major != TIDINGS_ABI_MAJOR) {
    return refused(fmt::format("is built for ABI {}, this is ABI {}: build it again", abi.abi_major, TIDINGS_ABI_MAJOR));
  }
  if (abi.build == nullptr || std::string_view(abi.build) != TIDINGS_BUILD) {
    return refused(fmt::format("is built as '{}', this is '{}': build it again", abi.build != nullptr ? abi.build : "", TIDINGS_BUILD));
  }
  if (abi.name == nullptr || *abi.name == '\0') return refused("has no name");
  if (abi.create == nullptr || abi.destroy == nullptr || abi.requests == nullptr || abi.parse == nullptr) {
    return refused("lacks one of create, destroy, requests and parse");
  }
  if ((abi.kinds & TIDINGS_STREAM) != 0 && abi.on_event == nullptr) return refused("is of the stream kind and lacks on_event");
  if (abi.option_count > 0 && abi.options == nullptr) return refused("counts options and has none");
  const char* at = reinterpret_cast<const char*>(abi.options);
  for (std::size_t i = 0; i < abi.option_count; ++i) {
    tidings_option option{};
    std::uint32_t size = 0;
    std::memcpy(&size, at, sizeof(size));
    if (size < offsetof(tidings_option, help)) return refused("has an option table that breaks the ABI");
    std::memcpy(&option, at, std::min<std::size_t>(size, sizeof(option)));
    if (option.name == nullptr) return refused("has an option without a name");
    if (option.type < TIDINGS_STRING || option.type > TIDINGS_TABLE) return refused(fmt::format("has an option '{}' of no known type", option.name));
    library.options_.push_back({option.name, option.type, option.default_value != nullptr ? option.default_value : "",
                                option.help != nullptr ? option.help : "", option.required != 0});
    at += abi.options->struct_size;
  }
  return library;
}

}  // namespace tidings::plugin
