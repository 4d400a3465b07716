#pragma once
// What an option says about where a field stands in an item: one or more ways, separated by " | ", the first that leads to
// something counts. A way is a JSON Pointer relative to the item ("/headline/main"), or text with pointers in braces
// ("https://news.test/{/section}/{/slug}"), which says nothing where one of its pointers does.

#include <simdjson.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "json/pointer.h"

namespace tidings::json_feed {

// Text that was made while one item is read, and lives until the next.
class Made {
 public:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  void clear() { texts_.clear(); }

 private:
  std::deque<std::string> texts_;
};

// The text of a string, number or boolean; empty for what is none of these.
std::string_view scalar_text(simdjson::dom::element value, Made& made);

class Field {
 public:
  enum class Use { text, url };  // in a URL what takes the place of {/pointer} is percent-encoded

  Field() = default;
  // Throws sdk::BadOption, which names the option.
  Field(std::string_view option, std::string_view text, Use use = Use::text);

  bool empty() const { return ways_.empty(); }
  // All values of the first way that leads to any; a text with pointers is made and is one value in `text`.
  struct Found {
    std::vector<simdjson::dom::element> values;
    std::string_view text;
    bool is_text = false;
  };
  Found find(simdjson::dom::element item, Made& made) const;
  // The first value as text.
  std::string_view text(simdjson::dom::element item, Made& made) const;

 private:
  struct Piece {
    std::string literal;
    Pointer pointer;
    bool is_pointer = false;
  };
  struct Way {
    std::vector<Piece> pieces;
    bool is_text = false;
  };
  static Way way(std::string_view option, std::string_view text);
  std::string_view fill(const Way& way, simdjson::dom::element item, Made& made) const;

  std::vector<Way> ways_;
  Use use_ = Use::text;
};

}  // namespace tidings::json_feed
