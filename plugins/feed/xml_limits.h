#pragma once
// What the reader of XML bounds, whatever a document says; and white space.

#include <cstddef>

namespace tidings::feed {

constexpr std::size_t kMaxDepth = 200;
constexpr std::size_t kMaxNodes = 50'000;       // of one element that is read whole
constexpr std::size_t kMaxAttributes = 256;     // of one tag
constexpr std::size_t kMaxDeclarations = 1024;  // namespaces in force
constexpr std::size_t kMaxEntities = 256;
constexpr std::size_t kMaxEntityBytes = 1024;              // of one declared value
constexpr std::size_t kMaxExpandedBytes = 1024 * 1024;     // of all declared entities together
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::size_t kMaxScopeValueBytes = 2048;           // of one xml:base or xml:lang
constexpr std::size_t kMaxScopeBytes = 2 * 1024 * 1024;     // of all of them together

inline bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace tidings::feed
