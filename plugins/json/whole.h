#pragma once
// A JSON text as simdjson can read it: in UTF-8, its invalid bytes replaced, and one that breaks off or whose brackets do not match closed
// where it breaks, so that what stands before is read.

#include <simdjson.h>

#include <string>
#include <string_view>

namespace tidings::json_feed {

// Where brackets and quotes of a text end. `broken` where that is not the end of the text.
struct Outline {
  std::size_t end = 0;      // what is good ends here
  std::string open;         // the brackets that are open there, outermost first
  bool in_string = false;   // it ends inside a string
  bool is_broken = false;
  const char* fault = "";   // in words, where it is broken
};
Outline outline_of(std::string_view text);

class Whole {
 public:
  // `text` outlives this and has simdjson::SIMDJSON_PADDING readable bytes after it.
  explicit Whole(std::string_view text) : text_(text), end_(text.size()) {}

  simdjson::padded_string_view padded() const { return padded(text_); }
  // Of a part of the text.
  simdjson::padded_string_view padded(std::string_view part) const {
    const auto from = static_cast<std::size_t>(part.data() - text_.data());
    return simdjson::padded_string_view(part.data(), part.size(), text_.size() - from + simdjson::SIMDJSON_PADDING);
  }
  std::string_view text() const { return text_; }

  // Turns UTF-16 and UTF-32 into UTF-8; the name of what it is in.
  const char* narrow();
  // Replaces invalid UTF-8; false where there is none.
  bool repair_utf8();
  // Closes it where it breaks; false where its brackets are all right, or it was closed before.
  bool close();

  bool is_closed() const { return *fault_ != '\0'; }
  const char* fault() const { return fault_; }
  // What the document itself says ends here; what follows was added.
  std::size_t end() const { return end_; }
  bool holds(std::string_view part) const { return part.data() + part.size() <= text_.data() + end_; }

  std::uint32_t line_at(std::size_t offset) const;

 private:
  simdjson::padded_string own_;
  std::string_view text_;
  std::size_t end_;
  const char* fault_ = "";
};

}  // namespace tidings::json_feed
