#include "cli/documents.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "base/hash.h"
#include "model/item_json.h"

namespace tidings::cli {
namespace {

Result<JsonDocument> parse(simdjson::dom::parser& parser, std::string_view json) {
  simdjson::dom::element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root)) {
    return Error(Errc::invalid, fmt::format("it is not JSON: {}", simdjson::error_message(error)));
  }
  const auto member = [&](const char* name) {
    std::string_view text;
    return root[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
  };
  JsonDocument out;
  out.id = member("id");
  if (out.id.empty()) return Error(Errc::invalid, "it has no member 'id'");
  model::Item& item = out.item;
  item.id = "urn:tidings:item:" + to_hex(hash128(out.id));
  item.title = member("title");
  item.body_text = member("text");
  item.language = member("lang");
  item.source_id = item.source_name = member("source");
  item.url = item.canonical_url = member("url");
  item.owner = member("owner");
  item.published = model::from_rfc3339(member("published"));
  return out;
}

}  // namespace

Result<JsonDocument> parse_document(std::string_view json) {
  simdjson::dom::parser parser;
  return parse(parser, json);
}

Result<void> read_documents(std::istream& in, const std::function<void(JsonDocument)>& each) {
  simdjson::dom::parser parser;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto document = parse(parser, line);
    if (!document) return Error(document.error().code(), fmt::format("line {}: {}", number, document.error().message()));
    each(std::move(*document));
  }
  return {};
}

}  // namespace tidings::cli
