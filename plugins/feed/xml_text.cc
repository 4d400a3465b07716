#include <algorithm>
#include <functional>

#include "base/text.h"
#include "feed/double_encoding.h"
#include "feed/entities.h"
#include "feed/xml.h"
#include "feed/xml_limits.h"

namespace tidings::feed {
namespace {

// The character of one of XML's own entities at the start of `s`, and how long the reference is; 0: it is none.
std::size_t predefined_at(std::string_view s, char& c) {
  const auto is = [&c](std::string_view reference, char means) {
    c = means;
    return reference.size();
  };
  switch (s.size() > 1 ? s[1] : '\0') {
    case 'l': return s.starts_with("&lt;") ? is("&lt;", '<') : 0;
    case 'g': return s.starts_with("&gt;") ? is("&gt;", '>') : 0;
    case 'q': return s.starts_with("&quot;") ? is("&quot;", '"') : 0;
    case 'a': return s.starts_with("&amp;") ? is("&amp;", '&') : s.starts_with("&apos;") ? is("&apos;", '\'') : 0;
    default: return 0;
  }
}

}  // namespace

// Of text in the document itself: what an entity stands for is not told again.
void Xml::note_reference(Flaw f, std::string_view at) {
  const std::less<const char*> before;
  if (before(at.data(), source_.data()) || !before(at.data(), source_.data() + source_.size())) return;
  note(f, static_cast<std::size_t>(at.data() - source_.data()));
}

void Xml::append_expanded(std::string& out, std::string_view raw) {
  while (!raw.empty()) {
    const std::size_t amp = raw.find('&');
    out.append(raw.substr(0, amp));
    if (amp == std::string_view::npos) return;
    raw.remove_prefix(amp);
    char own = 0;
    if (const std::size_t size = predefined_at(raw, own); size > 0) {
      out += own;
      raw.remove_prefix(size);
      continue;
    }
    const std::size_t semicolon = raw.substr(0, 40).find(';');
    char32_t c = 0;
    if (semicolon != std::string_view::npos) {
      const std::string_view name = raw.substr(1, semicolon - 1);
      const auto declared = std::find_if(entities_.begin(), entities_.end(), [&](const Entity& e) { return e.name == name; });
      if (declared != entities_.end()) {
        entity_bytes_ += declared->value.size();
        if (entity_bytes_ <= kMaxExpandedBytes) out.append(declared->value);
        expanded_beyond_ascii_ = true;  // it may be
        raw.remove_prefix(semicolon + 1);
        continue;
      }
      c = name.starts_with('#') ? character_reference(name.substr(1)) : html_entity(name);
      if (c != 0 && name[0] != '#') note_reference(Flaw::undeclared_entity, raw);
    }
    if (c == 0) {
      note_reference(Flaw::bare_ampersand, raw);
      out += '&';
      raw.remove_prefix(1);
    } else {
      expanded_beyond_ascii_ = expanded_beyond_ascii_ || c >= 0x80;
      text::append_utf8(out, c);
      raw.remove_prefix(semicolon + 1);
    }
  }
}

std::string_view Xml::repaired(std::string_view text, Arena& arena) const {
  if (repairs_.may_be_mixed && has_encoded_lead(text)) {
    if (const auto once = undo_double_encoding(text)) return arena.keep(*once);
  }
  return repairs_.has_c1 && has_c1_controls(text) ? arena.keep(without_c1_controls(text)) : text;
}

std::string_view Xml::expand(std::string_view raw, Arena& arena) {
  if (raw.find('&') == std::string_view::npos) return repaired(raw, arena);
  expanded_.clear();
  expanded_beyond_ascii_ = false;
  append_expanded(expanded_, raw);
  if ((repairs_.may_be_mixed || expanded_beyond_ascii_) && has_encoded_lead(expanded_)) {
    if (const auto once = undo_double_encoding(expanded_)) return arena.keep(*once);
  }
  if (repairs_.has_c1 && has_c1_controls(expanded_)) return arena.keep(without_c1_controls(expanded_));
  return arena.keep(expanded_);
}

}  // namespace tidings::feed
