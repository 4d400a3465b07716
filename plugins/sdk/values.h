#pragma once
// Making and reading the plain structs of the plugin ABI: strings, and structs with their size and unknowns set.

#include <tidings/plugin.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tidings::sdk {

constexpr tidings_str str(std::string_view s) { return {s.data(), s.size()}; }
constexpr std::string_view view(tidings_str s) {
  return s.data == nullptr ? std::string_view() : std::string_view(s.data, s.size);
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {  // ASCII letters only
  if (a.size() != b.size()) return false;
  constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

template <class T>
constexpr T nothing_stated() {
  T t{};
  t.struct_size = sizeof(T);
  if constexpr (std::is_same_v<T, tidings_media>) {
    t.width = t.height = t.length = -1;
    t.duration = -1;
  } else if constexpr (std::is_same_v<T, tidings_image>) {
    t.width = t.height = -1;
  } else if constexpr (std::is_same_v<T, tidings_feed>) {
    t.title = t.subtitle = t.rights = nothing_stated<tidings_text>();
    t.published.micros = t.updated.micros = TIDINGS_UNKNOWN_TIME;
    t.image = nothing_stated<tidings_image>();
    t.ttl_minutes = -1;
    t.update_period_seconds = -1;
  } else if constexpr (std::is_same_v<T, tidings_entry>) {
    t.title = t.summary = t.rights = nothing_stated<tidings_text>();
    t.published.micros = t.updated.micros = t.expires.micros = TIDINGS_UNKNOWN_TIME;
    t.image = nothing_stated<tidings_image>();
  }
  return t;
}

// An ABI struct in which nothing is stated: zeroed, struct_size set, unknown numbers -1 and unknown dates unknown.
template <class T>
inline constexpr T kNothingStated = nothing_stated<T>();
template <class T>
T made() {
  return kNothingStated<T>;
}

// A new last element in which nothing is stated, to be filled in place.
template <class T>
T& append(std::vector<T>& to) {
  to.push_back(kNothingStated<T>);
  return to.back();
}

// A struct of the host's as far as it states it, with zeroes where the host is older than we are.
template <class T>
T grown(const T* written) {
  T ours{};
  if (written != nullptr) std::memcpy(&ours, written, written->struct_size < sizeof(T) ? written->struct_size : sizeof(T));
  return ours;
}

// Points an ABI array at a vector: `list(entry.authors, entry.author_count, authors)`.
template <class T>
void list(const T*& first, std::size_t& count, const std::vector<T>& values) {
  first = values.empty() ? nullptr : values.data();
  count = values.size();
}

}  // namespace tidings::sdk
