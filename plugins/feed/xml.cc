#include "feed/xml.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "feed/web_url.h"
#include "feed/xml_limits.h"

namespace tidings::feed {
namespace {

// In blocks so short that a byte holds the count: the compiler turns them into vector code.
std::uint32_t newlines_in(std::string_view s) {
  constexpr std::size_t kBlock = 240;
  std::uint32_t count = 0;
  while (!s.empty()) {
    unsigned char in_block = 0;
    for (const char c : s.substr(0, kBlock)) in_block = static_cast<unsigned char>(in_block + static_cast<unsigned char>(c == '\n'));
    count += in_block;
    s.remove_prefix(std::min(kBlock, s.size()));
  }
  return count;
}

// HTML's elements without an end tag, where they stand unescaped in a feed.
bool is_html_void(std::string_view qualified) {
  const auto is = [&](std::string_view name) { return text::equal_ignoring_case(qualified, name); };
  switch (qualified.size()) {
    case 2: return is("br") || is("hr");
    case 3: return is("img") || is("wbr") || is("col");
    case 5: return is("input");
    default: return false;
  }
}

// Elements of plain text: where another element of a feed begins inside one, its end tag was forgotten.
bool holds_text(const Node& n) {
  if (n.ns != Ns::core || n.is_atom) return false;
  switch (n.name) {
    case Name::title: case Name::link: case Name::guid: case Name::pubdate: case Name::comments: case Name::language:
    case Name::lastbuilddate: case Name::ttl: case Name::copyright: case Name::generator: case Name::docs:
      return true;
    default: return false;
  }
}

bool is_member(Name name) {
  switch (name) {
    case Name::title: case Name::link: case Name::guid: case Name::pubdate: case Name::comments: case Name::language:
    case Name::description: case Name::item: case Name::category: case Name::author: case Name::enclosure:
    case Name::lastbuilddate: case Name::ttl: case Name::copyright: case Name::generator: case Name::docs:
    case Name::managingeditor: case Name::webmaster: case Name::channel: case Name::image:
      return true;
    default: return false;
  }
}

bool is_record(const Node& n) { return n.name == Name::item || n.name == Name::entry; }

}  // namespace

const Attribute* Tree::find(const Node& n, std::string_view local) const {
  const Attribute* prefixed = nullptr;
  for (std::uint32_t i = 0; i < n.attribute_count; ++i) {
    const Attribute& a = attributes[n.first_attribute + i];
    if (a.local.size() != local.size()) continue;
    if (!same_bytes(a.local.data(), local.data(), local.size()) && !text::equal_ignoring_case(a.local, local)) continue;
    if (a.prefix.empty()) return &a;
    if (!prefixed && a.prefix != "xml" && a.prefix != "xmlns") prefixed = &a;
  }
  return prefixed;
}

Xml::Xml(std::string_view source, Scope outermost, Repairs repairs) : source_(source), repairs_(repairs) {
  scopes_.push_back(std::move(outermost));
  stack_.emplace_back();
  entered_.emplace_back();
}

void Xml::note(Flaw f, std::size_t offset) {
  FlawCount& flaw = flaws_[static_cast<std::size_t>(f)];
  const auto at = static_cast<std::uint32_t>(offset);
  if (flaw.count > 0 && at <= flaw.last_offset) return;  // some text is read more than once
  if (flaw.count++ == 0) flaw.first_offset = at;
  flaw.last_offset = at;
}

std::uint32_t Xml::line_of(std::size_t offset) {
  if (offset < line_offset_) {
    line_offset_ = 0;
    line_ = 1;
  }
  offset = std::min(offset, source_.size());
  line_ += newlines_in(source_.substr(line_offset_, offset - line_offset_));
  line_offset_ = offset;
  return line_;
}

// --- names and scopes ---

void Xml::declare(std::string_view prefix, std::string_view raw) {
  if (declarations_.size() >= kMaxDeclarations) return;
  Namespace ns = namespace_of_uri(raw);
  if (ns.ns == Ns::other) {
    if (!prefix.empty()) {
      ns = namespace_of_prefix(prefix);  // a wrong URI under a usual prefix
    } else if (stack_.size() <= 2) {
      ns = {Ns::core, false};  // a feed in a namespace of its own making
    }
  }
  declarations_.push_back({prefix, ns});
}

Namespace Xml::resolve(std::string_view prefix) {
  for (auto d = declarations_.rbegin(); d != declarations_.rend(); ++d) {
    if (same(d->prefix, prefix)) return d->ns;
  }
  if (prefix.empty()) return {Ns::core, false};
  if (prefix != "xml") note(Flaw::undeclared_prefix, token_begin_);
  return namespace_of_prefix(prefix);
}

// False: there is no room for it, and what was in force before goes on.
bool Xml::keep_for_scope(std::string_view value, std::string_view& to) {
  if (value.size() > kMaxScopeValueBytes || scope_bytes_ + value.size() > kMaxScopeBytes) return false;
  scope_bytes_ += value.size();
  to = kept_.keep(value);
  return true;
}

std::uint32_t Xml::scope_of(const Node& node, std::uint32_t outer) {
  std::uint32_t scope = outer;
  for (std::size_t i = node.first_attribute; i < tree_.attributes.size(); ++i) {
    const Attribute& a = tree_.attributes[i];
    const bool is_cdf_base = a.prefix.empty() && node.name == Name::channel && text::equal_ignoring_case(a.local, "base");
    const bool is_base = is_cdf_base || a.local == "base";
    if ((a.prefix != "xml" && !is_cdf_base) || (!is_base && a.local != "lang")) continue;
    if (scope == outer) {
      scopes_.push_back(scopes_[outer]);
      scope = static_cast<std::uint32_t>(scopes_.size() - 1);
    }
    std::string value;
    append_expanded(value, text::trim(a.raw));
    Scope& inner = scopes_[scope];
    if (!is_base) {
      std::replace(value.begin(), value.end(), '_', '-');
      inner.language_stated = value == inner.language || keep_for_scope(value, inner.language) || inner.language_stated;
    } else if (const std::string base = resolve_url(inner.base, value); is_web_url(base) && base != inner.base) {
      // Many feeds state the same one for each entry.
      if (base == last_base_ || keep_for_scope(base, last_base_)) inner.base = last_base_;
    }
  }
  return scope;
}

// --- the stack ---

// The start tag whose name is in token_ and whose attributes come next becomes tree_.nodes[index].
void Xml::read_tag(std::uint32_t index) {
  Node& node = tree_.nodes[index];
  node.offset = static_cast<std::uint32_t>(token_begin_);
  node.first_attribute = static_cast<std::uint32_t>(tree_.attributes.size());
  node.scope = stack_.back().scope;
  node.name = name_of(local_);
  is_empty_tag_ = false;
  if (at_ < source_.size() && source_[at_] == '>') {
    ++at_;
  } else {
    read_attributes(tree_.attributes);
    node.attribute_count = static_cast<std::uint32_t>(tree_.attributes.size() - node.first_attribute);
    bool scoped = false;
    for (std::size_t i = node.first_attribute; i < tree_.attributes.size(); ++i) {
      const Attribute& a = tree_.attributes[i];
      if (a.prefix.empty() ? same(a.local, "xmlns") : same(a.prefix, "xmlns")) {
        declare(a.prefix.empty() ? std::string_view() : a.local, a.raw);
      }
      scoped = scoped || same(a.prefix, "xml") || node.name == Name::channel;
    }
    if (scoped) node.scope = scope_of(node, node.scope);
  }
  const Namespace ns = resolve(prefix_);
  node.prefix = prefix_;
  node.local = local_;
  node.ns = ns.ns;
  node.is_atom = ns.is_atom;
}

// The element of that tag becomes the innermost; `declarations` are those in force outside it.
void Xml::push(std::uint32_t index, std::size_t declarations) {
  const Node& node = tree_.nodes[index];
  stack_.push_back({token_, index, 0, node.scope, holds_text(node), declarations});
}

void Xml::pop() {
  declarations_.resize(stack_.back().declarations);
  stack_.pop_back();
}

// The stack position of the innermost open element of that name, 0: there is none.
std::size_t Xml::opener_of(std::string_view qualified) const {
  for (std::size_t i = stack_.size(); i-- > 1;) {
    if (stack_[i].qualified == qualified) return i;
  }
  for (std::size_t i = stack_.size(); i-- > 1;) {
    if (text::equal_ignoring_case(stack_[i].qualified, qualified)) return i;
  }
  return 0;
}

// --- walking ---

bool Xml::open() {
  if (has_tag_) read({});  // passed over
  if (entered_.back().is_empty) return false;
  for (;;) {
    const Token token = next();
    switch (token) {
      case Token::none:
        if (stack_.size() > 1) note(Flaw::truncated, at_);
        return false;
      case Token::text:
        if (stack_.size() == 1 && !text::trim(token_).empty()) {
          note(tree_.nodes.empty() ? Flaw::junk_before : Flaw::junk_after, token_begin_);
        }
        break;
      case Token::cdata: break;
      case Token::end: {
        const std::size_t opener = opener_of(token_);
        if (opener == 0) {
          note(Flaw::stray_end_tag, token_begin_);
          break;
        }
        if (opener + 1 < entered_.back().depth) {  // an outer element ends: so do all in it
          note(Flaw::unclosed_element, token_begin_);
          at_ = token_begin_;
        }
        return false;
      }
      case Token::start: {
        tree_.nodes.assign(1, Node());
        tree_.attributes.clear();
        scopes_.resize(stack_.back().scope + 1U);
        const std::size_t declarations = declarations_.size();
        read_tag(0);
        push(0, declarations);
        has_tag_ = true;
        return true;
      }
    }
  }
}

void Xml::enter() {
  has_tag_ = false;
  entered_.push_back({stack_.size(), is_empty_tag_});
}

void Xml::leave() {
  if (entered_.size() == 1) return;
  entered_.pop_back();
  pop();
}

// A new last child of the innermost element.
std::uint32_t Xml::add_node() {
  Open& parent = stack_.back();
  const auto index = static_cast<std::uint32_t>(tree_.nodes.size());
  tree_.nodes.emplace_back();
  (parent.last_child ? tree_.nodes[parent.last_child].next : tree_.nodes[parent.index].first_child) = index;
  parent.last_child = index;
  return index;
}

// The element whose start tag, `node`, has just been read: if it holds one piece of text and nothing else, as most do,
// it is taken whole.
bool Xml::take_leaf(Node& node) {
  std::size_t begin = at_;
  std::size_t end = source_.find('<', begin);
  if (end == std::string_view::npos) return false;
  std::size_t after = end;
  auto kind = Node::Kind::text;
  if (end == begin && source_.substr(begin, 9) == "<![CDATA[") {
    begin += 9;
    end = cdata_never_ends_ ? std::string_view::npos : source_.find("]]>", begin);
    if (end == std::string_view::npos) return false;
    after = end + 3;
    kind = Node::Kind::cdata;
  }
  if (!ends_here(after, token_)) return false;
  node.content_kind = kind;
  node.text = source_.substr(begin, end - begin);
  at_ = after + token_.size() + 3;
  return true;
}

const Tree& Xml::read(std::string_view ends_before) {
  has_tag_ = is_cut_inside_ = false;
  const std::size_t base = stack_.size() - 1;
  if (is_empty_tag_ || take_leaf(tree_.nodes[0])) {
    pop();
    return tree_;
  }
  const bool skips_space = is_record(tree_.root());  // that between the elements of an entry says nothing
  while (stack_.size() > base) {
    if (skips_space && stack_.size() == base + 1) skip_space();
    switch (const Token token = next()) {
      case Token::none:
        note(Flaw::truncated, at_);
        is_cut_inside_ = stack_.size() > base + 1;
        while (stack_.size() > base) pop();
        break;
      case Token::text:
      case Token::cdata: {
        if (tree_.nodes.size() >= kMaxNodes) {
          note(Flaw::too_many_nodes, token_begin_);
          break;
        }
        Node& node = tree_.nodes[add_node()];
        node.kind = token == Token::text ? Node::Kind::text : Node::Kind::cdata;
        node.offset = static_cast<std::uint32_t>(token_begin_);
        node.scope = stack_.back().scope;
        node.text = token_;
        break;
      }
      case Token::end: {
        const std::size_t opener = opener_of(token_);
        if (opener == 0) {
          note(Flaw::stray_end_tag, token_begin_);
          break;
        }
        if (opener + 1 < stack_.size()) note(Flaw::unclosed_element, token_begin_);
        if (opener < base) at_ = token_begin_;  // it ends an outer element: read again there
        while (stack_.size() > std::max(opener, base)) pop();
        break;
      }
      case Token::start: read_element(base, ends_before); break;
    }
  }
  return tree_;
}

// The start tag in token_, below the stack's position `base`: with all that is in it, or else it becomes the innermost.
void Xml::read_element(std::size_t base, std::string_view ends_before) {
  const std::size_t begin = token_begin_;
  if (same(token_, ends_before)) {
    note(Flaw::unclosed_element, begin);
    at_ = begin;
    while (stack_.size() > base) pop();
    return;
  }
  if (tree_.nodes.size() >= kMaxNodes || stack_.size() >= kMaxDepth) {
    note(tree_.nodes.size() >= kMaxNodes ? Flaw::too_many_nodes : Flaw::too_deep, begin);
    const std::size_t kept = tree_.attributes.size();
    read_attributes(tree_.attributes);
    tree_.attributes.resize(kept);
    return;
  }
  if (stack_.back().holds_text && prefix_.empty() && is_member(name_of(local_))) {
    note(Flaw::unclosed_element, begin);
    pop();
    if (stack_.size() == base) {
      at_ = begin;
      return;
    }
  }
  const std::size_t declarations = declarations_.size();
  const std::uint32_t index = add_node();
  read_tag(index);
  if (is_empty_tag_ || is_html_void(token_) || take_leaf(tree_.nodes[index])) {
    declarations_.resize(declarations);
  } else {
    push(index, declarations);
  }
}

}  // namespace tidings::feed
