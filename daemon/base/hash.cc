#include "base/hash.h"

#include <xxhash.h>

#include "base/text.h"

namespace tidings {

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 hash128(std::string_view bytes) {
  const XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
  return {h.high64, h.low64};
}

std::string to_hex(const Hash128& hash) { return text::to_hex(hash.high) + text::to_hex(hash.low); }

}  // namespace tidings
