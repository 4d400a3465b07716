#pragma once
// What a configuration is checked against of the plugins that are there: data that main fills from the plugin loader.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tidings::config {

struct PluginOption {
  enum class Type : std::uint8_t { string, integer, number, boolean, strings, table };
  std::string name;
  Type type = Type::string;
  std::string default_value;  // as JSON text; empty: none
  std::string help;
  bool required = false;
};

struct PluginSpec {
  std::string name;
  std::string summary;
  bool needs_url = true;
  std::vector<PluginOption> options;
  bool reads_streams = true;
};

// The plugins of a folder (option daemon.plugin_directory).
using PluginCatalog = std::function<std::vector<PluginSpec>(const std::string& directory)>;

}  // namespace tidings::config
