#pragma once
// A comparison as JSON, for the API and the command, and the names of layers in words.

#include <string_view>

#include "base/json.h"
#include "dedup/compare.h"
#include "dedup/wording.h"

namespace tidings::dedup {

// What decided, in words, for a layer of a verdict or a comparison; the layer itself where it is not known.
std::string_view in_words(std::string_view layer);

json::object to_json(const Comparison& how);
// {"shared": {words, names, figures}, "only_first": ..., "only_second": ...}
json::object to_json(const Wording& wording);

}  // namespace tidings::dedup
