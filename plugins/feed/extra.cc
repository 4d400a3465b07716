#include "base/text.h"
#include "feed/common.h"

namespace tidings::feed {
namespace {

constexpr std::size_t kMaxExtraBytes = 16 * 1024;

void append_json(std::string& out, std::string_view s) {
  out += '"';
  for (const char c : s) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

void add_extra(Common& to, std::string_view name, std::string_view value) {
  if (value.empty() || to.extra.size() + value.size() > kMaxExtraBytes) return;
  std::string member;
  append_json(member, name);
  member += ':';
  if (to.extra.find(member) != std::string::npos) return;  // the first of a name is kept
  append_json(member, value);
  if (!to.extra.empty()) to.extra += ',';
  to.extra += member;
}

}  // namespace tidings::feed
