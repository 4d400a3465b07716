#pragma once
// A JSON Pointer (RFC 6901), with one addition: the token `*` stands for every element of an array or member of an object.

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::json_feed {

class Pointer {
 public:
  // "" points to the whole; all others begin with "/". Nothing where the text is no pointer.
  static std::optional<Pointer> parse(std::string_view text);

  // Adds what it leads to, in the order of the document; nothing where it leads nowhere. null is nothing.
  void find(simdjson::dom::element from, std::vector<simdjson::dom::element>& to) const { follow(from, 0, to); }

  const std::vector<std::string>& tokens() const { return tokens_; }
  bool has_wildcard() const;

 private:
  void follow(simdjson::dom::element from, std::size_t depth, std::vector<simdjson::dom::element>& to) const;

  std::vector<std::string> tokens_;
};

// The index that a token names in an array.
std::optional<std::size_t> array_index(std::string_view token);

}  // namespace tidings::json_feed
