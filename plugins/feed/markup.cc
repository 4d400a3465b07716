#include "feed/markup.h"

#include <algorithm>

#include "base/text.h"
#include "feed/entities.h"

namespace tidings::feed {
namespace {

// Sorted; elements that people put into titles and descriptions.
constexpr std::string_view kTags[] = {
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "big", "blockquote", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "command", "datagrid", "datalist", "dd", "del", "details",
    "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "event-source", "fieldset", "figcaption", "figure", "font",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "iframe", "img", "input", "ins", "kbd", "keygen",
    "label", "legend", "li", "m", "map", "menu", "meter", "multicol", "nav", "nextid", "noscript", "object", "ol", "optgroup",
    "option", "output", "p", "pre", "progress", "q", "s", "samp", "script", "section", "select", "small", "sound", "source",
    "spacer", "span", "strike", "strong", "style", "sub", "sup", "table", "tbody", "td", "textarea", "tfoot", "th", "thead",
    "time", "tr", "tt", "u", "ul", "var", "video", "wbr",
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

bool is_known_tag(std::string_view name) {
  const std::string lower = text::ascii_lower(name);
  return std::binary_search(std::begin(kTags), std::end(kTags), std::string_view(lower));
}

bool is_void(std::string_view name) {
  return text::equal_ignoring_case(name, "br") || text::equal_ignoring_case(name, "hr") ||
         text::equal_ignoring_case(name, "img") || text::equal_ignoring_case(name, "wbr");
}

}  // namespace

bool looks_like_html(std::string_view s) {
  bool found = false;
  std::size_t less = s.find('<');
  std::size_t amp = s.find('&');
  for (std::size_t i = std::min(less, amp); i != std::string_view::npos; i = std::min(less, amp)) {
    if (i == amp) {
      amp = s.find('&', i + 1);
      const std::size_t end = s.substr(0, i + 40).find(';', i);
      if (end == std::string_view::npos || end == i + 1) continue;
      const std::string_view name = s.substr(i + 1, end - i - 1);
      if (name[0] == '#') {
        found = found || character_reference(name.substr(1)) != 0;
      } else if (std::all_of(name.begin(), name.end(), is_word)) {
        if (html_entity(name) == 0) return false;
        found = true;
      }
      continue;
    }
    less = s.find('<', i + 1);
    if (s.substr(i).starts_with("<!--") && s.find("-->", i + 4) != std::string_view::npos) {
      found = true;
      continue;
    }
    const bool closing = i + 1 < s.size() && s[i + 1] == '/';
    const std::size_t begin = i + (closing ? 2 : 1);
    std::size_t end = begin;
    while (end < s.size() && is_word(s[end])) ++end;
    if (end == begin || !is_letter(s[begin])) continue;
    const std::string_view name = s.substr(begin, end - begin);
    if (!is_known_tag(name)) return false;
    const std::size_t close = s.find('>', end);
    if (close == std::string_view::npos) continue;
    found = found || closing || is_void(name) || s.substr(end, close - end).find('=') != std::string_view::npos;
  }
  return found;
}

void append_escaped(std::string& out, std::string_view s, bool in_attribute) {
  while (!s.empty()) {
    std::size_t at = 0;
    while (at < s.size() && s[at] != '&' && s[at] != '<' && s[at] != '>' && (s[at] != '"' || !in_attribute)) ++at;
    out.append(s.substr(0, at));
    if (at == s.size()) return;
    switch (s[at]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += "&quot;"; break;
    }
    s.remove_prefix(at + 1);
  }
}

std::string decode_base64(std::string_view s) {
  std::string out;
  out.reserve(s.size() / 4 * 3);
  unsigned bits = 0;
  int count = 0;
  for (const char c : s) {
    unsigned value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<unsigned>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<unsigned>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      value = static_cast<unsigned>(c - '0') + 52;
    } else if (c == '+' || c == '-') {
      value = 62;
    } else if (c == '/' || c == '_') {
      value = 63;
    } else if (c == '=') {
      break;
    } else if (text::is_ascii_space(c)) {
      continue;
    } else {
      return {};
    }
    bits = bits << 6 | value;
    if (++count == 4) {
      out += static_cast<char>(bits >> 16 & 0xFF);
      out += static_cast<char>(bits >> 8 & 0xFF);
      out += static_cast<char>(bits & 0xFF);
      bits = 0;
      count = 0;
    }
  }
  if (count == 3) {
    out += static_cast<char>(bits >> 10 & 0xFF);
    out += static_cast<char>(bits >> 2 & 0xFF);
  } else if (count == 2) {
    out += static_cast<char>(bits >> 4 & 0xFF);
  }
  return out;
}

}  // namespace tidings::feed
