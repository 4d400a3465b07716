#pragma once
// What is remembered of an item across restarts: a compact byte record that the store keeps and never reads.
// Format: version byte, body, 32-bit check (the low half of XXH3 of all before it). Integers are LEB128 varints or
// little-endian; ascending ones are stored as differences.

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "dedup/compare.h"
#include "dedup/features.h"
#include "dedup/packed.h"

namespace tidings::dedup {

struct Remembered {
  Hash128 item;
  Hash128 head;   // of its group of copies: itself where it is not a duplicate
  Hash128 story;
  Time seen;
  bool duplicate = false;
  Features features;  // without content_hash; terms cut to those that a story keeps
};

void pack_copy_features(Writer& out, const Features& features);
CopyFeatures unpack_copy_features(Reader& in);

std::string encode(const Remembered& record);
Result<Remembered> decode(std::string_view bytes);

}  // namespace tidings::dedup
