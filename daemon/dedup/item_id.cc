#include "dedup/item_id.h"

#include "base/text.h"

namespace tidings::dedup {
namespace {

constexpr std::string_view kItem = "urn:tidings:item:";
constexpr std::string_view kStory = "urn:tidings:story:";

Hash128 key_of(std::string_view id, std::string_view prefix) {
  Hash128 key;
  if (id.starts_with(prefix) && id.size() == prefix.size() + 32) {
    const std::string_view hex = id.substr(prefix.size());
    if (text::from_hex(hex.substr(0, 16), key.high) && text::from_hex(hex.substr(16), key.low)) return key;
  }
  return hash128(id);
}

}  // namespace

Hash128 item_key(std::string_view id) { return key_of(id, kItem); }
std::string item_id(const Hash128& key) { return std::string(kItem) + to_hex(key); }
std::string story_id(const Hash128& key) { return std::string(kStory) + to_hex(key); }
Hash128 story_key(std::string_view id) { return key_of(id, kStory); }

}  // namespace tidings::dedup
