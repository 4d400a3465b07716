#include "cli/settings.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

namespace tidings::cli {
namespace {

constexpr std::string_view kInstalled = "/etc/tidings/tidings.toml";
constexpr std::string_view kInTree = "config/tidings.toml";

bool is_there(std::string_view file) {
  std::error_code error;
  return std::filesystem::exists(file, error);
}

bool has_plugins(const std::filesystem::path& folder) {
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".so") return true;
  }
  return false;
}

}  // namespace

std::string usual_config() {
  if (const char* named = std::getenv("TIDINGS_CONFIG"); named != nullptr && *named != '\0') return named;
  return std::string(is_there(kInTree) ? kInTree : kInstalled);
}

CLI::Option* add_config_option(CLI::App& command, std::string& config) {
  config = usual_config();
  return command.add_option("--config", config, "The configuration file (TIDINGS_CONFIG in the environment names another)")->capture_default_str();
}

Result<config::Config> settings(const std::string& file) {
  const auto overrides = config::overrides_from_environment();
  if (!is_there(file) && file == kInstalled) {
    config::Config defaults;
    if (!overrides.redis_url.empty()) defaults.redis.url = overrides.redis_url;
    return defaults;
  }
  auto loaded = config::load(file, overrides, {});
  if (loaded.config) return std::move(*loaded.config);
  std::string mistakes;
  for (const auto& mistake : loaded.mistakes) mistakes += (mistakes.empty() ? "" : "\n") + config::to_string(mistake);
  return Error(Errc::invalid, mistakes);
}

Result<std::string> sources_folder(const config::Config& config, const std::string& file) {
  constexpr std::string_view kAll = "/*.toml";
  for (const std::string_view pattern : config.include) {
    if (!pattern.ends_with(kAll)) continue;
    const auto folder = pattern.substr(0, pattern.size() - kAll.size());
    if (folder.find_first_of("*?[") == std::string_view::npos) return (std::filesystem::path(file).parent_path() / folder).string();
  }
  return Error(Errc::not_found, fmt::format("option include of {} names no folder for new sources, as \"sources.d/*.toml\" would", file));
}

std::string plugin_folder(const std::string& folder) {
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return folder;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", error).parent_path().parent_path() / "plugins";
  return has_plugins(beside) ? beside.string() : std::string();
}

}  // namespace tidings::cli
