#pragma once
// Fast, stable, unkeyed hashes of bytes (XXH3, https://xxhash.com). Values may be stored: they do not
// change between runs, builds or machines. Not for secrets.

#include <cstdint>
#include <string>
#include <string_view>

namespace tidings {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Hash128&) const = default;
};

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
Hash128 hash128(std::string_view bytes);
std::string to_hex(const Hash128& hash);  // 32 digits

}  // namespace tidings
