#pragma once
// The configuration as commands see it.

#include <CLI/CLI.hpp>
#include <string>

#include "base/result.h"
#include "config/load.h"

namespace tidings::cli {

// TIDINGS_CONFIG, else config/tidings.toml where it is there, else /etc/tidings/tidings.toml.
std::string usual_config();

// Adds --config to a command.
CLI::Option* add_config_option(CLI::App& command, std::string& config);

// What stands in the file, or the defaults where it is the usual one and not there; TIDINGS_REDIS_URL wins. The error
// has every mistake on a line of its own.
Result<config::Config> settings(const std::string& file);

// Where new files with sources go: the first folder of which option include takes every *.toml, beside the file of the
// configuration. The error says that there is none.
Result<std::string> sources_folder(const config::Config& config, const std::string& file);

// The folder itself, or the plugins of the build that this program belongs to; empty: neither is there.
std::string plugin_folder(const std::string& folder);

}  // namespace tidings::cli
