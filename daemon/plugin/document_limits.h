#pragma once
// The bounds on what one document may come to, whatever its plugin says.

#include <cstddef>

namespace tidings::plugin {

struct DocumentLimits {
  std::size_t max_entries = 10'000;                // of one document; the plugin is asked to stop there
  std::size_t max_text_bytes = 48 * 1024 * 1024;   // of all strings together
  std::size_t max_field_bytes = 2 * 1024 * 1024;   // of one string; cut between code points
  std::size_t max_list = 256;                      // authors, categories, links, media, ... of one entry, each
  std::size_t max_warnings = 100;                  // further ones are dropped
  std::size_t max_follow_ups = 32;                 // requests
};

}  // namespace tidings::plugin
