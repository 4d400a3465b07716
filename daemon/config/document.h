#pragma once
// The documentation of all options, made from their table. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "config/config.h"

namespace tidings::config {

// config/tidings.toml: every option with its comment and its default, commented out.
std::string options_as_toml();
// An array of {path, type, default, min, max, choices, live, help}; sources, rules and hooks as "source.id".
json::array options_as_json();

// The value of an option by its path ("redis.url") as text for a shell, or nothing where there is no such option.
std::optional<std::string> value_of(const Config& config, std::string_view path);

}  // namespace tidings::config
