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

// The text if it was read as windows-1252 and written as UTF-8 once too often, all of it; else nothing.
std::optional<std::string> undo_double_encoding(std::string_view utf8);

}  // namespace tidings::feed
