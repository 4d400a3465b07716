// The query language: a query that is read is matched against an item made of its own text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "alert/query.h"
#include "alert/rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  tidings::model::Rule rule;
  rule.id = "fuzz";
  rule.query = text;
  const bool readable = tidings::alert::parse_query(text).has_value();
  const auto index = tidings::alert::RuleIndex::build({rule});
  if (index.has_value() != readable) std::abort();
  if (!readable) return 0;
  tidings::model::Item item;
  item.title = text;
  item.body_text = text;
  item.language = "en";
  index->match(item);
  return 0;
}
