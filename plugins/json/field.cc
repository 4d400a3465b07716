#include "json/field.h"

#include <fmt/format.h>

#include <optional>

#include "base/text.h"
#include "sdk/plugin.h"

namespace tidings::json_feed {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kOr = " | ";

Pointer pointer_of(std::string_view option, std::string_view text) {
  auto pointer = Pointer::parse(text);
  if (!pointer || text.empty()) {
    throw sdk::BadOption(fmt::format("the option '{}' has '{}', which is no JSON Pointer such as \"/article/title\"", option, text));
  }
  return std::move(*pointer);
}

void append_encoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                          c == '_' || c == '~' || c == '/';
    if (is_plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
}

}  // namespace

std::string_view scalar_text(dom::element value, Made& made) {
  switch (value.type()) {
    case dom::element_type::STRING: {
      std::string_view text;
      return value.get(text) == simdjson::SUCCESS ? text : std::string_view();
    }
    case dom::element_type::INT64: {
      std::int64_t number = 0;
      return value.get(number) == simdjson::SUCCESS ? made.keep(std::to_string(number)) : std::string_view();
    }
    case dom::element_type::UINT64: {
      std::uint64_t number = 0;
      return value.get(number) == simdjson::SUCCESS ? made.keep(std::to_string(number)) : std::string_view();
    }
    case dom::element_type::DOUBLE: {
      double number = 0;
      return value.get(number) == simdjson::SUCCESS ? made.keep(fmt::format("{}", number)) : std::string_view();
    }
    case dom::element_type::BOOL: {
      bool flag = false;
      return value.get(flag) != simdjson::SUCCESS ? std::string_view() : flag ? "true" : "false";
    }
    default: return {};
  }
}

Field::Field(std::string_view option, std::string_view text, Use use) : use_(use) {
  while (!text.empty()) {
    const std::size_t end = text.find(kOr);
    const std::string_view one = text::trim(text.substr(0, end));
    if (one.empty()) throw sdk::BadOption(fmt::format("the option '{}' has nothing on one side of its \"|\"", option));
    ways_.push_back(way(option, one));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + kOr.size());
  }
}

Field::Way Field::way(std::string_view option, std::string_view text) {
  Way way;
  if (text.front() == '/' && text.find("{/") == std::string_view::npos) {
    way.pieces.push_back({"", pointer_of(option, text), true});
    return way;
  }
  way.is_text = true;
  while (!text.empty()) {
    const std::size_t open = text.find("{/");
    if (open != 0) way.pieces.push_back({std::string(text.substr(0, open)), {}, false});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) throw sdk::BadOption(fmt::format("the option '{}' has a \"{{\" without its \"}}\"", option));
    way.pieces.push_back({"", pointer_of(option, text.substr(open + 1, close - open - 1)), true});
    text.remove_prefix(close + 1);
  }
  return way;
}

std::string_view Field::fill(const Way& way, dom::element item, Made& made) const {
  std::string out;
  std::vector<dom::element> values;
  for (const Piece& piece : way.pieces) {
    if (!piece.is_pointer) {
      out += piece.literal;
      continue;
    }
    values.clear();
    piece.pointer.find(item, values);
    const std::string_view text = values.empty() ? std::string_view() : scalar_text(values.front(), made);
    if (text.empty()) return {};
    if (use_ == Use::url) {
      append_encoded(out, text);
    } else {
      out += text;
    }
  }
  return made.keep(std::move(out));
}

Field::Found Field::find(dom::element item, Made& made) const {
  Found found;
  for (const Way& way : ways_) {
    if (way.is_text) {
      found.text = fill(way, item, made);
      found.is_text = !found.text.empty();
    } else {
      way.pieces.front().pointer.find(item, found.values);
    }
    if (found.is_text || !found.values.empty()) break;
  }
  return found;
}

std::string_view Field::text(dom::element item, Made& made) const {
  for (const Way& way : ways_) {
    if (way.is_text) {
      if (const std::string_view text = fill(way, item, made); !text.empty()) return text;
      continue;
    }
    std::vector<dom::element> values;
    way.pieces.front().pointer.find(item, values);
    for (const dom::element value : values) {
      dom::element one = value;
      if (dom::array list; value.get(list) == simdjson::SUCCESS && list.at(0).get(one) != simdjson::SUCCESS) continue;
      if (const std::string_view text = scalar_text(one, made); !text.empty()) return text;
    }
  }
  return {};
}

}  // namespace tidings::json_feed
