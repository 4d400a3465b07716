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

// What is checked beyond the configuration itself: rules by their language, sources by the plugins of the folder
// (that of the configuration where `plugins` is empty).
config::Checks checks();

}  // namespace tidings::cli
