#pragma once
// The fields of an outbox row as bytes, and their checksum.
//
// Bytes: for each name and each value, in turn, its length as 4 bytes little-endian, then itself.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/records.h"

namespace tidings::store {

std::string encode_fields(const Fields& fields);
std::optional<Fields> decode_fields(std::string_view bytes);

// Over all of a row that is published: a flipped bit in any of it is found.
std::uint64_t checksum(std::string_view stream, StreamId id, std::uint64_t n, std::string_view key, std::string_view fields);

}  // namespace tidings::store
