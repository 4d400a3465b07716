#pragma once
// Server-sent events: bytes of a text/event-stream to events. Format: WHATWG HTML, section 9.2.6 "Interpreting an event
// stream". Lines end with LF, CR or CRLF; "field: value"; a blank line ends an event; bytes are UTF-8. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tidings::http {

struct SseEvent {
  std::string type;  // "message" where the stream names none
  std::string data;  // valid UTF-8
  std::string id;    // the last id that the stream gave, of this event or an earlier one
  bool operator==(const SseEvent&) const = default;
};

// A stream that ends inside an event drops it, so bytes are all there is: no end needs to be told.
class SseReader {
 public:
  // An event, and a line, of more bytes than this is an error.
  explicit SseReader(std::size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

  // The events that these bytes complete, however the stream is cut into calls. After an error (too_large) the reader
  // is used no more.
  Result<std::vector<SseEvent>> read(std::string_view bytes);

  // To send as Last-Event-ID at a reconnect; empty: none.
  const std::string& last_event_id() const { return last_event_id_; }
  // The wait before a reconnect that the stream asks for, at most a day.
  std::optional<Millis> retry() const { return retry_; }

 private:
  void end_line(std::vector<SseEvent>& events);
  void field(std::string_view name, std::string_view value);
  void dispatch(std::vector<SseEvent>& events);

  std::size_t max_event_bytes_;
  std::string line_;
  bool first_line_ = true;
  bool after_cr_ = false;
  std::string type_;
  std::string data_;
  std::string id_;
  std::string last_event_id_;
  std::optional<Millis> retry_;
};

}  // namespace tidings::http
