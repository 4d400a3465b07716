#pragma once
// One item of a JSON document as an entry.

#include <simdjson.h>
#include <tidings/plugin.h>

#include <string_view>
#include <vector>

#include "json/head.h"
#include "json/mapping.h"
#include "json/parts.h"

namespace tidings::json_feed {

class ItemReader {
 public:
  // All outlive this.
  ItemReader(const Mapping& mapping, const Head& head, std::string_view document_url) : mapping_(mapping), head_(head), url_(document_url) {}

  // The entry, good until the next call; nullptr where the item has neither id nor URL, title or text. `item` is good as long.
  const tidings_entry* read(simdjson::dom::element item, std::uint32_t line);

 private:
  void read_texts(simdjson::dom::element item, std::string_view base, std::string_view language);
  void read_lists(simdjson::dom::element item, const Place& place);
  void read_position(simdjson::dom::element item);

  const Mapping& mapping_;
  const Head& head_;
  std::string_view url_;
  Made made_;
  tidings_entry entry_{};
  std::vector<tidings_text> content_;
  std::vector<tidings_person> authors_;
  std::vector<tidings_category> categories_;
  std::vector<tidings_media> attachments_;
  std::vector<tidings_media> media_;
};

}  // namespace tidings::json_feed
