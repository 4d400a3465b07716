#include <array>
#include <cstring>

#include "base/text.h"
#include "feed/xml.h"
#include "feed/xml_limits.h"

namespace tidings::feed {
namespace {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}

enum class InName : std::uint8_t { goes_on, colon, ends };
constexpr std::array<InName, 256> kInName = [] {
  std::array<InName, 256> kinds{};
  for (const char c : {' ', '\n', '\t', '\r', '/', '>', '=', '<'}) kinds[static_cast<unsigned char>(c)] = InName::ends;
  kinds[static_cast<unsigned char>(':')] = InName::colon;
  return kinds;
}();
InName in_name(char c) { return kInName[static_cast<unsigned char>(c)]; }
bool ends_name(char c) { return in_name(c) == InName::ends; }

}  // namespace

void Xml::skip_to(std::string_view end) {
  const std::size_t found = source_.find(end, at_);
  at_ = found == std::string_view::npos ? source_.size() : found + end.size();
}

// Over white space that a tag follows.
void Xml::skip_space() {
  std::size_t at = at_;
  while (at < source_.size() && is_space(source_[at])) ++at;
  if (at < source_.size() && source_[at] == '<') at_ = at;
}

Xml::Token Xml::next() {
  while (at_ < source_.size()) {
    token_begin_ = at_;
    if (source_[at_] != '<') {
      const std::size_t end = std::min(source_.find('<', at_), source_.size());
      token_ = source_.substr(at_, end - at_);
      at_ = end;
      return Token::text;
    }
    const std::string_view rest = source_.substr(at_);
    const char c = rest.size() > 1 ? rest[1] : '\0';
    if (begins_name(c)) {
      read_start_tag();
      return Token::start;
    }
    if (c == '/' && rest.size() > 2 && begins_name(rest[2])) {
      const std::string_view innermost = stack_.back().qualified;
      if (ends_here(at_, innermost)) {
        token_ = innermost;
        at_ += innermost.size() + 3;
        return Token::end;
      }
      std::size_t end = at_ + 2;
      while (end < source_.size() && !ends_name(source_[end])) ++end;
      token_ = source_.substr(at_ + 2, end - at_ - 2);
      at_ = std::min(source_.find_first_of("<>", end), source_.size());
      if (at_ == source_.size() && opener_of(token_) == 0) break;  // the document ends in the middle of it
      if (at_ < source_.size() && source_[at_] == '>') ++at_;
      return Token::end;
    }
    if (rest.starts_with("<!--")) {
      const std::size_t end = comment_never_ends_ ? std::string_view::npos : source_.find("-->", at_ + 4);
      if (end == std::string_view::npos) {
        comment_never_ends_ = true;
        note(Flaw::unterminated, at_);
        skip_to(">");
      } else {
        at_ = end + 3;
      }
      continue;
    }
    if (rest.starts_with("<![CDATA[")) {
      const std::size_t begin = at_ + 9;
      std::size_t end = cdata_never_ends_ ? std::string_view::npos : source_.find("]]>", begin);
      if (end != std::string_view::npos) {
        at_ = end + 3;
      } else {
        cdata_never_ends_ = true;
        note(Flaw::unterminated, at_);
        std::string closing = "</";
        closing += stack_.back().qualified;
        end = at_ = std::min(source_.find(closing, begin), source_.size());
      }
      token_ = source_.substr(begin, end - begin);
      return Token::cdata;
    }
    if (c == '!') {
      if (text::starts_with_ignoring_case(rest, "<!DOCTYPE")) {
        read_doctype();
      } else {
        skip_to(">");
      }
      continue;
    }
    if (c == '?') {
      if (token_begin_ > 0 && rest.starts_with("<?xml ")) note(Flaw::late_declaration, token_begin_);
      skip_to(">");
      continue;
    }
    note(Flaw::bare_less_than, at_);
    const std::size_t end = std::min(source_.find('<', at_ + 1), source_.size());
    token_ = source_.substr(at_, end - at_);
    at_ = end;
    return Token::text;
  }
  token_begin_ = at_;
  return Token::none;
}

void Xml::read_start_tag() {
  const std::string_view source = source_;
  const std::size_t begin = at_ + 1;
  std::size_t local = begin;
  std::size_t end = begin;
  while (end < source.size() && in_name(source[end]) == InName::goes_on) ++end;
  if (end < source.size() && source[end] == ':') {
    if (end + 1 < source.size() && !ends_name(source[end + 1])) local = end + 1;
    while (end < source.size() && !ends_name(source[end])) ++end;
  }
  at_ = end;
  if (end - begin > kMaxNameBytes) {
    token_ = local_ = text::truncate_utf8(source_.substr(begin, end - begin), kMaxNameBytes);
    prefix_ = {};
    return;
  }
  token_ = source_.substr(begin, end - begin);
  local_ = source_.substr(local, end - local);
  prefix_ = local == begin ? std::string_view() : source_.substr(begin, local - begin - 1);
}

std::string_view Xml::read_value() {
  if (at_ >= source_.size()) return {};
  const char quote = source_[at_];
  if (quote == '"' || quote == '\'') {
    const std::size_t end = source_.find(quote, at_ + 1);
    if (end != std::string_view::npos) {
      const auto value = source_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return value;
    }
    note(Flaw::unterminated, at_);
    ++at_;
  }
  const std::size_t begin = at_;
  while (at_ < source_.size() && !is_space(source_[at_]) && source_[at_] != '>') ++at_;
  return source_.substr(begin, at_ - begin);
}

// Whether </NAME> stands at this place.
bool Xml::ends_here(std::size_t at, std::string_view name) const {
  const char* tag = source_.data() + at;
  return !name.empty() && source_.size() - at >= name.size() + 3 && tag[0] == '<' && tag[1] == '/' && tag[name.size() + 2] == '>' &&
         same_bytes(tag + 2, name.data(), name.size());
}

// From behind the name to behind the tag.
void Xml::read_attributes(std::vector<Attribute>& to) {
  is_empty_tag_ = false;
  for (std::size_t count = 0; at_ < source_.size();) {
    const char c = source_[at_];
    if (c == '>') {
      ++at_;
      return;
    }
    if (c == '<') return note(Flaw::unterminated, at_);  // the tag was never closed
    if (c == '/' || is_space(c) || c == '=') {
      is_empty_tag_ = c == '/' && at_ + 1 < source_.size() && source_[at_ + 1] == '>';
      ++at_;
      continue;
    }
    const std::size_t begin = at_;
    std::size_t colon = source_.size();
    for (; at_ < source_.size() && !ends_name(source_[at_]); ++at_) {
      if (source_[at_] == ':' && colon == source_.size()) colon = at_;
    }
    const std::size_t name_end = at_;
    const std::size_t local = colon + 1 < name_end ? colon + 1 : begin;
    while (at_ < source_.size() && is_space(source_[at_])) ++at_;
    std::string_view value;
    if (at_ < source_.size() && source_[at_] == '=') {
      ++at_;
      while (at_ < source_.size() && is_space(source_[at_])) ++at_;
      value = read_value();
    }
    if (count++ < kMaxAttributes) {
      to.push_back({source_.substr(begin, local == begin ? 0 : colon - begin), source_.substr(local, name_end - local), value});
    }
  }
  note(Flaw::truncated, at_);
}

// Keeps internal general entities whose value is plain text; everything else of a DTD is passed over.
void Xml::read_doctype() {
  int depth = 0;
  char quote = 0;
  for (; at_ < source_.size(); ++at_) {
    const char c = source_[at_];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || (c == '\'' && depth > 0)) {
      quote = c;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']') {
      --depth;
    } else if (c == '>' && depth <= 0) {
      ++at_;
      return;
    } else if (c == '<' && depth == 0 && at_ > token_begin_) {
      return;  // a DOCTYPE without an end
    } else if (c == '<' && source_.substr(at_).starts_with("<!--")) {
      skip_to("-->");
      --at_;
    } else if (c == '<' && source_.substr(at_).starts_with("<!ENTITY") && entities_.size() < kMaxEntities) {
      std::size_t i = at_ + 8;
      while (i < source_.size() && is_space(source_[i])) ++i;
      const std::size_t name = i;
      while (i < source_.size() && !is_space(source_[i]) && source_[i] != '>') ++i;
      const std::string_view key = source_.substr(name, i - name);
      while (i < source_.size() && is_space(source_[i])) ++i;
      if (i >= source_.size() || (source_[i] != '"' && source_[i] != '\'')) continue;
      const std::size_t end = source_.find(source_[i], i + 1);
      if (end == std::string_view::npos || end - i > kMaxEntityBytes || key.size() > kMaxNameBytes) continue;
      std::string value;
      append_expanded(value, source_.substr(i + 1, end - i - 1));  // with those declared before it
      if (value.size() <= kMaxEntityBytes) entities_.push_back({key, kept_.keep(value)});
    }
  }
}

}  // namespace tidings::feed
