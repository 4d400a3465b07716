#pragma once
// Documents as JSON lines, as `tidings dedup` and `tidings compare` take them: id, title, text and, where stated, lang,
// source, url and published.

#include <functional>
#include <istream>
#include <string>

#include "base/result.h"
#include "model/item.h"

namespace tidings::cli {

struct JsonDocument {
  std::string id;  // as stated; the item's own id is made of it
  model::Item item;
};

// The error names what is wrong with the line.
Result<JsonDocument> parse_document(std::string_view json);

// Calls `each` with every document of the stream; empty lines are passed over. The error names the line.
Result<void> read_documents(std::istream& in, const std::function<void(JsonDocument)>& each);

}  // namespace tidings::cli
