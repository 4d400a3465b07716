#include "json/whole.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "json/wide.h"

namespace tidings::json_feed {
namespace {

constexpr char closing(char open) { return open == '{' ? '}' : ']'; }

Outline broken(std::size_t end, std::string open, bool in_string, const char* fault) {
  return {end, std::move(open), in_string, true, fault};
}

}  // namespace

Outline outline_of(std::string_view text) {
  std::string open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      std::size_t end = i + 1;
      for (; end < text.size() && text[end] != '"'; ++end) {
        if (text[end] == '\\') ++end;
      }
      if (end >= text.size()) return broken(text.size(), open, true, "it breaks off");
      i = end;
    } else if (c == '{' || c == '[') {
      open += c;
    } else if (c == '}' || c == ']') {
      if (open.empty() || closing(open.back()) != c) return broken(i, open, false, "a bracket does not match");
      open.pop_back();
      if (open.empty()) {
        const std::size_t rest = text.find_first_not_of(" \t\r\n", i + 1);
        return rest == std::string_view::npos ? Outline{i + 1, {}, false, false, ""} : broken(i + 1, {}, false, "text follows its end");
      }
    }
  }
  return broken(text.size(), open, false, "it breaks off");
}

const char* Whole::narrow() {
  const auto utf8 = narrowed(text_);
  if (!utf8) return "utf-8";
  own_ = simdjson::padded_string(utf8->utf8);
  text_ = own_;
  end_ = text_.size();
  return utf8->encoding;
}

bool Whole::repair_utf8() {
  if (simdjson::validate_utf8(text_)) return false;
  own_ = simdjson::padded_string(text::repair_utf8(text_));
  text_ = own_;
  end_ = text_.size();
  return true;
}

bool Whole::close() {
  if (is_closed()) return false;
  Outline outline = outline_of(text_);
  if (!outline.is_broken) return false;
  std::string closed(text_.substr(0, outline.end));
  if (outline.in_string) {
    // An escape that was cut would swallow the quote, or be none.
    if (const auto escape = closed.rfind('\\'); escape != std::string::npos && closed.size() - escape < 6) closed.resize(escape);
    closed += '"';
  } else {
    while (!closed.empty() && (text::is_ascii_space(closed.back()) || closed.back() == ',' || closed.back() == ':')) closed.pop_back();
  }
  end_ = std::min(outline.end, closed.size() - (outline.in_string ? 1 : 0));
  std::for_each(outline.open.rbegin(), outline.open.rend(), [&closed](char c) { closed += closing(c); });
  own_ = simdjson::padded_string(closed);
  text_ = own_;
  fault_ = outline.fault;
  return true;
}

std::uint32_t Whole::line_at(std::size_t offset) const {
  const std::string_view before = text_.substr(0, offset);
  return static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n'));
}

}  // namespace tidings::json_feed
