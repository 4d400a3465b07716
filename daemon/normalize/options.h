#pragma once
// What the user may set of normalisation.

#include <cstddef>
#include <string>
#include <vector>

namespace tidings::normalize {

struct Options {
  // Query parameters, besides the well-known ones, that only say where a reader came from; a * at the end stands for any
  // ending.
  std::vector<std::string> tracking_parameters;
  // Longer texts are cut, and the item says so.
  std::size_t max_body_bytes = 256 * 1024;
  // Longer summaries are cut.
  std::size_t max_summary_bytes = 16 * 1024;
  // Find out the language of a text where none is stated.
  bool detect_language = true;
  // Publish the sanitised HTML beside the text.
  bool keep_html = true;
};

}  // namespace tidings::normalize
