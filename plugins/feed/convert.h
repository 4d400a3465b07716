#pragma once
// Encodings by name, as the ICU library converts them.

#include <optional>
#include <string>
#include <string_view>

namespace tidings::feed {

// The converter that a label of the WHATWG encoding standard, or any name that ICU knows, stands for; empty: none, or
// one that must not be used.
std::string converter_for(std::string_view label);

struct Converted {
  std::string utf8;
  bool had_invalid = false;
};
std::optional<Converted> convert(std::string_view bytes, const std::string& converter);

// The encoding that the bytes look like, by their statistics; empty: no idea.
std::string guess_encoding(std::string_view bytes);

}  // namespace tidings::feed
