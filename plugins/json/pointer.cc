#include "json/pointer.h"

#include <algorithm>
#include <charconv>

namespace tidings::json_feed {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxFound = 10'000;  // by wildcards

// "~1" is "/", "~0" is "~"; another "~" is a mistake.
std::optional<std::string> unescaped(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      out += token[i];
      continue;
    }
    if (++i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
    out += token[i] == '0' ? '~' : '/';
  }
  return out;
}

}  // namespace

std::optional<Pointer> Pointer::parse(std::string_view text) {
  Pointer pointer;
  if (text.empty()) return pointer;
  if (text.front() != '/') return std::nullopt;
  for (std::size_t at = 1; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    auto token = unescaped(text.substr(at, end - at));
    if (!token) return std::nullopt;
    pointer.tokens_.push_back(std::move(*token));
    at = end + 1;
  }
  return pointer;
}

bool Pointer::has_wildcard() const { return std::find(tokens_.begin(), tokens_.end(), "*") != tokens_.end(); }

std::optional<std::size_t> array_index(std::string_view token) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (token.empty() || error != std::errc() || end != token.data() + token.size()) return std::nullopt;
  return index;
}

void Pointer::follow(dom::element from, std::size_t depth, std::vector<dom::element>& to) const {
  if (depth == tokens_.size()) {
    if (!from.is_null() && to.size() < kMaxFound) to.push_back(from);
    return;
  }
  const std::string& token = tokens_[depth];
  dom::array array;
  dom::object object;
  dom::element next;
  if (from.get(array) == simdjson::SUCCESS) {
    if (token == "*") {
      for (const dom::element element : array) follow(element, depth + 1, to);
    } else if (const auto index = array_index(token); index && array.at(*index).get(next) == simdjson::SUCCESS) {
      follow(next, depth + 1, to);
    }
  } else if (from.get(object) == simdjson::SUCCESS) {
    if (object.at_key(token).get(next) == simdjson::SUCCESS) {
      follow(next, depth + 1, to);
    } else if (token == "*") {
      for (const dom::key_value_pair member : object) follow(member.value, depth + 1, to);
    }
  }
}

}  // namespace tidings::json_feed
