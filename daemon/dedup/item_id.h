#pragma once
// The ids of items and stories ("urn:tidings:item:" or "urn:tidings:story:" and 32 hex digits) as 128 bits and back.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"

namespace tidings::dedup {

// The bits of an id written so; of any other text its hash, which then stands for it.
Hash128 item_key(std::string_view id);
std::string item_id(const Hash128& key);
std::string story_id(const Hash128& key);  // of the story that begins with this item
Hash128 story_key(std::string_view id);

// Half of a key's bits, by which tables know it: never 0, but for the key 0, which is none.
inline std::uint32_t tag_of(std::uint64_t key) {
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  return tag == 0 && key != 0 ? 1 : tag;
}

}  // namespace tidings::dedup
