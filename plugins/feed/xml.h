#pragma once
// A reader of XML as it is found in feeds, whole or broken: one pass, no DTD processing, no copies.
//
// Whole documents are read as XML 1.0 with namespaces says. Broken ones are repaired on the way, so that there is one
// reading path: a < or & that begins nothing is text, an unclosed element ends with its parent, an end tag that nothing
// opened is passed over, unquoted and unterminated attribute values and CDATA sections end where their tag ends.
// Declared entities are text only and bounded, external ones are never read.
//
// The caller walks: open() moves to the next start tag; then enter() makes its children the next ones, read() takes the
// element whole as a Tree. Memory is that of one element, not of the document.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feed/arena.h"
#include "feed/names.h"

namespace tidings::feed {

// xml:base (or the BASE of CDF) and xml:lang in force; the views are good as long as the reader.
struct Scope {
  std::string_view base;
  std::string_view language;
  bool language_stated = false;  // by xml:lang, even as ""
};

struct Attribute {
  std::string_view prefix;
  std::string_view local;
  std::string_view raw;  // as written, entities and all
};

struct Node {
  enum class Kind : std::uint8_t { element, text, cdata };
  Kind kind = Kind::element;
  Kind content_kind = Kind::text;  // of an element's own text
  Ns ns = Ns::core;
  Name name = Name::unknown;
  bool is_atom = false;
  std::uint32_t offset = 0;  // in the source
  std::uint32_t scope = 0;
  std::uint32_t first_attribute = 0;
  std::uint32_t attribute_count = 0;
  std::uint32_t first_child = 0;  // 0: none
  std::uint32_t next = 0;         // sibling, 0: none
  std::string_view prefix;
  std::string_view local;
  std::string_view text;  // raw; that of an element which holds one piece of text and nothing else stands in it

  std::uint32_t key() const { return feed::key(ns, name); }
};

// One element with all that is in it. Nodes stand in document order, the element itself is nodes[0].
struct Tree {
  std::vector<Node> nodes;
  std::vector<Attribute> attributes;

  const Node& root() const { return nodes.front(); }
  const Node* child(const Node& n) const { return n.first_child ? &nodes[n.first_child] : nullptr; }
  const Node* next(const Node& n) const { return n.next ? &nodes[n.next] : nullptr; }
  // The raw value of the attribute of that local name, in any case; an unprefixed one first. nullptr: there is none.
  const Attribute* find(const Node& n, std::string_view local) const;
};

// What was noticed on the way; each kind is told once, with its first place and a count.
enum class Flaw : std::uint8_t {
  late_declaration, junk_before, junk_after, unclosed_element, stray_end_tag, bare_less_than, bare_ampersand, undeclared_entity,
  unterminated, too_deep, too_many_nodes, undeclared_prefix, truncated,
};
constexpr std::size_t kFlawCount = 13;
struct FlawCount {
  std::uint32_t count = 0;
  std::uint32_t first_offset = 0;
  std::uint32_t last_offset = 0;
};

class Xml {
 public:
  // What has to be put right in each piece of text: UTF-8 that was encoded twice, C1 controls that are windows-1252.
  struct Repairs {
    bool may_be_mixed = false;
    bool has_c1 = false;
  };
  // `source` is UTF-8 without control characters of ASCII and outlives the reader and all that it gives out.
  Xml(std::string_view source, Scope outermost, Repairs repairs);

  // The next start tag inside the innermost entered element; false at that element's end or at the end of the document.
  // An element that was neither entered nor read is passed over.
  bool open();
  // Of the start tag that open() stands at: name and attributes; its children are not in it.
  const Tree& tag() const { return tree_; }
  void enter();
  // Takes the whole element. Good until the next call of any of these functions. An element with the name `ends_before`
  // (as written) that begins inside it ends it first.
  const Tree& read(std::string_view ends_before);
  // Leaves the element entered last.
  void leave();
  // The document ended inside a child of the element that was read last.
  bool is_cut_inside() const { return is_cut_inside_; }

  std::string_view source() const { return source_; }
  const Scope& scope(std::uint32_t index) const { return scopes_[index]; }
  const Scope& outer_scope() const { return scopes_[stack_.back().scope]; }
  bool is_truncated() const { return flaw(Flaw::truncated).count > 0; }
  void note(Flaw f, std::size_t offset);
  const FlawCount& flaw(Flaw f) const { return flaws_[static_cast<std::size_t>(f)]; }
  std::uint32_t line_of(std::size_t offset);  // from 1

  // Text with its character and entity references resolved; a view into the source or kept in the arena.
  std::string_view expand(std::string_view raw, Arena& arena);
  // The text that a node holds itself.
  std::string_view text_of(const Node& n, Arena& arena) {
    const Node::Kind kind = n.kind == Node::Kind::element ? n.content_kind : n.kind;
    return kind == Node::Kind::text ? expand(n.text, arena) : repaired(n.text, arena);
  }

 private:
  struct Open {
    std::string_view qualified;
    std::uint32_t index = 0;  // of its node
    std::uint32_t last_child = 0;
    std::uint32_t scope = 0;
    bool holds_text = false;        // and no element of a feed
    std::size_t declarations = 0;  // in force outside it
  };
  struct Entered {
    std::size_t depth = 1;  // of the stack while its children are walked
    bool is_empty = false;
  };
  struct Declaration {
    std::string_view prefix;
    Namespace ns;
  };
  struct Entity {
    std::string_view name;
    std::string_view value;
  };
  enum class Token : std::uint8_t { start, end, text, cdata, none };

  Token next();
  void read_start_tag();
  void read_attributes(std::vector<Attribute>& to);
  std::string_view read_value();
  bool ends_here(std::size_t at, std::string_view name) const;
  bool take_leaf(Node& node);
  void read_doctype();
  void skip_to(std::string_view end);
  void declare(std::string_view prefix, std::string_view raw);
  Namespace resolve(std::string_view prefix);
  bool keep_for_scope(std::string_view value, std::string_view& to);
  std::uint32_t scope_of(const Node& node, std::uint32_t outer);
  void skip_space();
  void read_tag(std::uint32_t index);
  void push(std::uint32_t index, std::size_t declarations);
  void pop();
  std::size_t opener_of(std::string_view qualified) const;
  std::uint32_t add_node();
  void read_element(std::size_t base, std::string_view ends_before);
  void note_reference(Flaw f, std::string_view at);
  std::string_view repaired(std::string_view text, Arena& arena) const;
  void append_expanded(std::string& out, std::string_view raw);

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t token_begin_ = 0;
  std::string_view token_;  // text, or the name of a tag
  std::string_view prefix_;  // the parts of a start tag's name
  std::string_view local_;
  bool is_empty_tag_ = false;
  bool has_tag_ = false;  // open() stands at a start tag that is not consumed
  Tree tree_;
  std::vector<Open> stack_;  // [0] is the document itself
  std::vector<Entered> entered_;
  std::vector<Declaration> declarations_;
  std::vector<Scope> scopes_;
  std::vector<Entity> entities_;
  Arena kept_;
  std::string expanded_;
  bool expanded_beyond_ascii_ = false;  // a reference stood for a character beyond ASCII
  std::size_t entity_bytes_ = 0;
  std::size_t scope_bytes_ = 0;
  std::string_view last_base_;
  bool comment_never_ends_ = false;
  bool cdata_never_ends_ = false;
  bool is_cut_inside_ = false;
  Repairs repairs_;
  FlawCount flaws_[kFlawCount];
  std::size_t line_offset_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace tidings::feed
