#include "store/fields.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace tidings::store {
namespace {

void append(std::string& out, std::string_view text) {
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(text.size() >> shift & 0xff));
  out.append(text);
}

bool take(std::string_view& bytes, std::string& text) {
  if (bytes.size() < 4) return false;
  std::size_t size = 0;
  for (unsigned i = 0; i < 4; ++i) size |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  bytes.remove_prefix(4);
  if (bytes.size() < size) return false;
  text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

}  // namespace

std::string encode_fields(const Fields& fields) {
  std::size_t size = 0;
  for (const auto& [name, value] : fields) size += name.size() + value.size() + 8;
  std::string bytes;
  bytes.reserve(size);
  for (const auto& [name, value] : fields) {
    append(bytes, name);
    append(bytes, value);
  }
  return bytes;
}

std::optional<Fields> decode_fields(std::string_view bytes) {
  Fields fields;
  while (!bytes.empty()) {
    auto& [name, value] = fields.emplace_back();
    if (!take(bytes, name) || !take(bytes, value)) return std::nullopt;
  }
  return fields;
}

std::uint64_t checksum(std::string_view stream, StreamId id, std::uint64_t n, std::string_view key,
                       std::string_view fields) {
  return hash64(fields, hash64(fmt::format("{} {}-{} {} {}", stream, id.ms, id.seq, n, key)));
}

}  // namespace tidings::store
