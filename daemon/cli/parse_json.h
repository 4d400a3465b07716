#pragma once
// A parsed document as JSON, the vocabulary of `tidings parse`: {"encoding", "feed": {...}, "items": [...]}. Titles,
// subtitles and rights are plain text; summaries and contents are sanitised HTML with absolute URLs.

#include <functional>
#include <string_view>

#include "base/json.h"
#include "cli/parse_document.h"

namespace tidings::cli {

json::object feed_json(const model::Feed& feed);
json::object entry_json(const model::Entry& entry);
json::array warnings_json(const std::vector<model::Warning>& warnings);

// Writes the whole object piece by piece: a large document is never held as JSON.
void write_json(const Parsed& parsed, bool with_items, const std::function<void(std::string_view)>& write);

// Plain text, or sanitised HTML, of what a document says.
std::string shown_text(const model::Text& text);
std::string shown_html(const model::Text& text);
// RFC 3339 in UTC; empty where it is unknown.
std::string shown_time(const model::Date& date);

}  // namespace tidings::cli
