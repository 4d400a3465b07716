#pragma once
// What came of a document or of events that were pushed, or of a poll, for who measures the channels. Pure.

#include <cstdint>
#include <vector>

namespace tidings::push {

struct Taken {
  std::size_t entries = 0;            // in the document
  std::vector<std::uint64_t> shown;   // their keys, stable within the source
  std::vector<std::uint64_t> fresh;   // of those that were not known before
};

}  // namespace tidings::push
