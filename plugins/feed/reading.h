#pragma once
// Reads the values of one element: text, markup, URLs, dates, numbers. Views given out are good as long as the arena.

#include <string_view>

#include "feed/arena.h"
#include "feed/xml.h"
#include "sdk/values.h"

namespace tidings::feed {

enum class Markup : std::uint8_t {
  text,     // what is said is the text itself (Atom's default)
  guess,    // RSS titles: text, or HTML where it looks like it
  html,     // RSS descriptions: HTML, escaped or not
  xhtml,
};

class Reading {
 public:
  Reading(Xml& xml, const Tree& tree, Arena& arena, bool is_atom_document)
      : xml_(xml), tree_(tree), arena_(arena), is_atom_document_(is_atom_document) {}

  Xml& xml() const { return xml_; }
  const Tree& tree() const { return tree_; }
  Arena& arena() const { return arena_; }
  const Scope& scope(const Node& n) const { return xml_.scope(n.scope); }
  // Atom's rules hold for this element.
  bool is_atom(const Node& n) const { return n.is_atom || (is_atom_document_ && n.ns == Ns::core); }

  // All text in the element, entities resolved, trimmed.
  std::string_view text(const Node& n) const;
  // The trimmed value of an attribute; a null view where there is none.
  std::string_view attribute(const Node& n, std::string_view local) const;
  std::int64_t number(const Node& n, std::string_view attribute_name) const;  // -1: none
  bool has_markup(const Node& n) const;
  // The element's content as HTML; `escape` where its text is text and not itself markup.
  std::string_view inner_html(const Node& n, bool escape) const;
  // Absolute, against the base in force at `n`.
  std::string_view url(const Node& n, std::string_view reference) const;
  // BCP 47 divides by hyphens, POSIX by underscores.
  std::string_view language_tag(std::string_view said) const;
  tidings_date date(std::string_view raw) const;
  // A text construct: Atom's type and mode where they are stated, else as `usual` says.
  tidings_text construct(const Node& n, Markup usual) const;

 private:
  struct Said {
    std::string_view type;
    std::string_view value;
  };
  Said what_is_said(const Node& n, Markup usual, std::string_view stated, std::string_view mode, bool is_elsewhere) const;
  const Node& without_div(const Node& n) const;
  void append_html(std::string& out, const Node& parent, const Node& top, bool escape) const;
  void append_attributes(std::string& out, const Node& element, const Node& top) const;

  Xml& xml_;
  const Tree& tree_;
  Arena& arena_;
  bool is_atom_document_;
};

}  // namespace tidings::feed
