#include "http/sse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace tidings::http {

Result<std::vector<SseEvent>> SseReader::read(std::string_view bytes) {
  std::vector<SseEvent> events;
  while (!bytes.empty()) {
    if (std::exchange(after_cr_, false) && bytes.front() == '\n') bytes.remove_prefix(1);
    const auto end = bytes.find_first_of("\r\n");
    const std::string_view part = bytes.substr(0, end);
    if (line_.size() + part.size() + data_.size() > max_event_bytes_) {
      return Error(Errc::too_large, fmt::format("an event of the stream is larger than {} bytes", max_event_bytes_));
    }
    line_ += part;
    if (end == std::string_view::npos) break;
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    end_line(events);
  }
  return events;
}

void SseReader::end_line(std::vector<SseEvent>& events) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view line = line_;
  if (std::exchange(first_line_, false) && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  if (line.empty()) {
    dispatch(events);
  } else if (const auto colon = line.find(':'); colon != 0) {  // a line that begins with a colon is a comment
    std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(line.substr(0, colon), value);
  }
  line_.clear();
}

void SseReader::field(std::string_view name, std::string_view value) {
  if (name == "data") {
    data_.append(value).push_back('\n');
  } else if (name == "event") {
    type_ = text::repair_utf8(value);
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = text::repair_utf8(value);
  } else if (name == "retry") {
    constexpr std::uint64_t kLongest = 24 * 60 * 60 * 1000;
    std::uint64_t wait = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), wait);
    const bool only_digits = !value.empty() && read.ptr == value.data() + value.size();
    if (only_digits) retry_ = Millis(read.ec == std::errc() ? std::min(wait, kLongest) : kLongest);
  }
}

void SseReader::dispatch(std::vector<SseEvent>& events) {
  last_event_id_ = id_;
  if (!data_.empty()) {
    data_.pop_back();
    events.push_back({type_.empty() ? "message" : type_, text::repair_utf8(data_), last_event_id_});
  }
  data_.clear();
  type_.clear();
}

}  // namespace tidings::http
