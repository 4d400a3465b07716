#include "feed/reading.h"

#include <algorithm>

#include "base/date.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/markup.h"
#include "feed/web_url.h"

namespace tidings::feed {
namespace {

using sdk::str;
using Kind = Node::Kind;

bool is_void_element(std::string_view local) {
  constexpr std::string_view kVoid[] = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"};
  return std::any_of(std::begin(kVoid), std::end(kVoid), [&](std::string_view v) { return text::equal_ignoring_case(v, local); });
}

bool has_no_space(std::string_view s) {
  unsigned char found = 0;
  for (const char c : s) found = static_cast<unsigned char>(found | static_cast<unsigned char>(static_cast<unsigned char>(c) <= 0x20));
  return found == 0;
}

bool holds_url(std::string_view attribute) {
  constexpr std::string_view kUrls[] = {"href", "src", "cite", "action", "background", "longdesc", "poster", "usemap", "data"};
  return std::find(std::begin(kUrls), std::end(kUrls), attribute) != std::end(kUrls);
}

constexpr std::string_view uri_of(Ns ns) {
  return ns == Ns::svg ? "http://www.w3.org/2000/svg" : ns == Ns::mathml ? "http://www.w3.org/1998/Math/MathML" : "";
}

// Schemes that run code, carry the document in themselves or name files of the reader are none that a feed links to.
bool is_harmless(std::string_view scheme) {
  constexpr std::string_view kRefused[] = {"javascript", "vbscript", "livescript", "mocha", "jscript", "data", "blob", "file",
                                           "about", "view-source", "chrome", "resource", "filesystem", "jar", "res", "ms-its"};
  return std::find(std::begin(kRefused), std::end(kRefused), scheme) == std::end(kRefused);
}

// What a type attribute says.
enum class Type : std::uint8_t { none, text, html, xhtml, xml, other_text, binary };

Type type_of(std::string_view type) {
  const auto is = [&](std::string_view name) { return text::equal_ignoring_case(type, name); };
  if (type.empty()) return Type::none;
  if (is("text") || is("plain") || is("text/plain")) return Type::text;
  if (is("html") || is("text/html") || is("escaped")) return Type::html;
  if (is("xhtml") || is("application/xhtml+xml")) return Type::xhtml;
  if (text::starts_with_ignoring_case(type, "text/") && !is("text/xml")) return Type::other_text;
  if (is("text/xml") || is("application/xml") || (type.size() > 4 && text::equal_ignoring_case(type.substr(type.size() - 4), "+xml"))) {
    return Type::xml;
  }
  return type.find('/') == std::string_view::npos ? Type::none : Type::binary;
}

}  // namespace

std::string_view Reading::text(const Node& n) const {
  const Node* first = tree_.child(n);
  if (first == nullptr) return n.text.empty() ? "" : text::trim(xml_.text_of(n, arena_));
  if (first->next == 0 && first->kind != Kind::element) return text(*first);
  std::string all;
  const auto end = [&] {  // nodes stand in document order: those of this element end where the next one that is not in it begins
    std::size_t last = n.first_child;
    for (;;) {
      while (tree_.nodes[last].next != 0) last = tree_.nodes[last].next;
      if (tree_.nodes[last].first_child == 0) return last + 1;
      last = tree_.nodes[last].first_child;
    }
  }();
  for (std::size_t i = n.first_child; i < end; ++i) {
    const Node& part = tree_.nodes[i];
    if (!part.text.empty()) all += xml_.text_of(part, arena_);
  }
  return arena_.keep(text::trim(all));
}

std::string_view Reading::attribute(const Node& n, std::string_view local) const {
  const Attribute* a = tree_.find(n, local);
  if (a == nullptr) return {};
  const std::string_view value = text::trim(xml_.expand(a->raw, arena_));
  return value.data() == nullptr ? std::string_view("") : value;
}

std::int64_t Reading::number(const Node& n, std::string_view name) const {
  const std::string_view value = attribute(n, name);
  if (value.empty() || value.size() > 17) return -1;
  std::int64_t number = 0;
  for (const char c : value) {
    if (c == '.' || c == 'p') break;  // "320.5", "320px"
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool Reading::has_markup(const Node& n) const {
  for (const Node* c = tree_.child(n); c; c = tree_.next(*c)) {
    if (c->kind == Kind::element) return true;
  }
  return false;
}

std::string_view Reading::inner_html(const Node& n, bool escape) const {
  std::string out;
  append_html(out, n, n, escape);
  return arena_.keep(text::trim(out));
}

void Reading::append_html(std::string& out, const Node& parent, const Node& top, bool escape) const {
  const auto append_text = [&](const Node& n) {
    const std::string_view said = xml_.text_of(n, arena_);
    if (escape) {
      append_escaped(out, said, false);
    } else {
      out += said;
    }
  };
  if (!parent.text.empty()) append_text(parent);
  for (const Node* c = tree_.child(parent); c; c = tree_.next(*c)) {
    if (c->kind != Kind::element) {
      append_text(*c);
      continue;
    }
    out += '<';
    out += c->local;
    if (const auto uri = uri_of(c->ns); !uri.empty() && parent.ns != c->ns) ((out += " xmlns=\"") += uri) += '"';
    append_attributes(out, *c, top);
    if (c->first_child == 0 && c->text.empty() && is_void_element(c->local)) {
      out += " />";
      continue;
    }
    out += '>';
    append_html(out, *c, top, escape);
    ((out += "</") += c->local) += '>';
  }
}

void Reading::append_attributes(std::string& out, const Node& element, const Node& top) const {
  const bool other_base = scope(element).base != scope(top).base;
  for (std::uint32_t i = 0; i < element.attribute_count; ++i) {
    const Attribute& a = tree_.attributes[element.first_attribute + i];
    if (a.prefix == "xml" || a.prefix == "xmlns" || (a.prefix.empty() && a.local == "xmlns")) continue;
    out += ' ';
    if (!a.prefix.empty()) (out += a.prefix) += ':';
    (out += a.local) += "=\"";
    std::string_view value = xml_.expand(a.raw, arena_);
    if (other_base && holds_url(a.local)) value = url(element, value);
    append_escaped(out, value, true);
    out += '"';
  }
}

std::string_view Reading::url(const Node& n, std::string_view reference) const {
  reference = text::trim(reference);
  if (reference.empty()) return {};
  if (is_web_url(reference) && has_no_space(reference)) return reference;
  const std::string absolute = resolve_url(scope(n).base, reference);
  return is_harmless(url_scheme(absolute)) ? arena_.keep(absolute) : std::string_view();
}

std::string_view Reading::language_tag(std::string_view said) const {
  if (said.find('_') == std::string_view::npos) return said;
  std::string tag(said);
  std::replace(tag.begin(), tag.end(), '_', '-');
  return arena_.keep(tag);
}

tidings_date Reading::date(std::string_view raw) const {
  if (raw.empty()) return {{nullptr, 0}, TIDINGS_UNKNOWN_TIME};
  const OptionalTime time = parse_date(raw);
  return {str(raw), time ? to_micros(*time) : TIDINGS_UNKNOWN_TIME};
}

tidings_text Reading::construct(const Node& n, Markup usual) const {
  auto out = sdk::made<tidings_text>();
  const Scope& in_force = scope(n);
  out.language = str(in_force.language);
  Said said;
  if (n.attribute_count == 0) {
    said = what_is_said(n, usual, {}, {}, false);
  } else {
    const std::string_view src = attribute(n, "src");
    if (!src.empty()) out.src = str(url(n, src));
    said = what_is_said(n, usual, attribute(n, "type"), attribute(n, "mode"), !src.empty());
  }
  out.type = str(said.type);
  out.value = str(said.value);
  if (said.type != "text") out.base = str(in_force.base);
  return out;
}

Reading::Said Reading::what_is_said(const Node& n, Markup usual, std::string_view stated, std::string_view mode, bool is_elsewhere) const {
  const Type type = type_of(stated);
  const bool is_encoded = text::equal_ignoring_case(mode, "base64") || (type == Type::binary && !is_elsewhere && is_atom(n));
  const bool markup = has_markup(n);
  if (is_encoded && !markup) {
    const std::string decoded = decode_base64(text(n));
    if (!text::is_valid_utf8(decoded)) return {stated, text(n)};
    const bool is_html = type == Type::html || type == Type::xhtml || (type != Type::text && looks_like_html(decoded));
    return {is_html ? "html" : "text", arena_.keep(decoded)};
  }
  const Node& content = is_atom(n) && (text::equal_ignoring_case(stated, "xhtml") || text::equal_ignoring_case(stated, "html"))
                            ? without_div(n) : n;
  switch (type) {
    case Type::xhtml:
      if (!markup && text::equal_ignoring_case(mode, "escaped")) return {"html", text(n)};
      return {"xhtml", inner_html(content, true)};
    case Type::html: return {"html", markup ? inner_html(content, false) : text(n)};
    case Type::xml: return {stated, inner_html(n, true)};
    case Type::other_text:
    case Type::binary: return {stated, markup ? inner_html(n, true) : text(n)};
    case Type::text:
    case Type::none: break;
  }
  if (type == Type::text && is_atom(n)) usual = Markup::text;
  if (type == Type::text && usual == Markup::html) usual = Markup::guess;
  if (usual == Markup::html) return {"html", markup ? inner_html(n, false) : text(n)};
  if (usual == Markup::xhtml) return {"xhtml", inner_html(n, true)};
  if (markup) return {"html", inner_html(n, true)};
  const std::string_view value = text(n);
  return {usual == Markup::guess && !is_atom(n) && looks_like_html(value) ? "html" : "text", value};
}

// The one div round Atom's XHTML is not part of the content (RFC 4287, section 3.1.1.3).
const Node& Reading::without_div(const Node& n) const {
  const Node* only = nullptr;
  for (const Node* c = tree_.child(n); c; c = tree_.next(*c)) {
    if (c->kind != Kind::element && text::trim(c->text).empty()) continue;
    if (only != nullptr || c->name != Name::div) return n;
    only = c;
  }
  return only != nullptr ? *only : n;
}

}  // namespace tidings::feed
