#include "store/stream_id.h"

#include <charconv>

namespace tidings::store {
namespace {

// SQLite's integers have a sign; a sequence never comes near this but where a foreign writer put it there.
constexpr std::uint64_t kMaxSeq = std::uint64_t{1} << 62;

bool parse_number(std::string_view text, std::uint64_t& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

std::string to_string(StreamId id) { return std::to_string(id.ms) + "-" + std::to_string(id.seq); }

std::optional<StreamId> parse_stream_id(std::string_view text) {
  const auto dash = text.find('-');
  StreamId id;
  if (dash == std::string_view::npos || !parse_number(text.substr(0, dash), id.ms) ||
      !parse_number(text.substr(dash + 1), id.seq)) {
    return std::nullopt;
  }
  return id;
}

StreamId next_id(StreamId last, std::uint64_t now_ms) {
  if (now_ms > last.ms) return {now_ms, 0};
  if (last.seq >= kMaxSeq) return {last.ms + 1, 0};
  return {last.ms, last.seq + 1};
}

}  // namespace tidings::store
