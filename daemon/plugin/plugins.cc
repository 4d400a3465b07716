#include "plugin/plugins.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace tidings::plugin {

Plugins::Plugins(Log log, DocumentLimits limits) : log_(std::move(log)), limits_(limits) {}

void Plugins::load(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".so") files.push_back(at->path().string());
  }
  if (error) log_.warning("the folder of plugins {} cannot be read: {}", folder, error.message());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (!tried_.emplace(file, true).second) continue;
    auto library = Library::load(file);
    if (!library) {
      log_.error("{}", library.error().message());
      continue;
    }
    const std::string name = library->name();
    if (!by_name_.emplace(name, std::move(*library)).second) {
      log_.error("plugin {}: there is a plugin '{}' already, from {}", file, name, by_name_.find(name)->second.file());
    }
  }
}

const Library* Plugins::find(std::string_view name) const {
  const auto at = by_name_.find(name);
  return at == by_name_.end() ? nullptr : &at->second;
}

std::vector<const Library*> Plugins::all() const {
  std::vector<const Library*> out;
  for (const auto& [name, library] : by_name_) out.push_back(&library);
  return out;
}

Result<Instance> Plugins::create(const model::Source& source) const {
  const Library* library = find(source.settings->plugin);
  if (library == nullptr) return Error(Errc::not_found, fmt::format("there is no plugin '{}'", source.settings->plugin));
  return Instance::create(*library, source, limits_);
}

}  // namespace tidings::plugin
