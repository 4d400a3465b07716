#pragma once
// Sources as [[source]] tables, as a file of sources.d holds them. Pure.

#include <string>
#include <vector>

#include "model/source.h"

namespace tidings::config {

// What has its default is left out; reading the text gives the same sources, their origin apart.
std::string sources_as_toml(const std::vector<model::Source>& sources);

}  // namespace tidings::config
