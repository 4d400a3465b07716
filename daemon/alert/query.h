#pragma once
// The query language of rules.
//
//   flood                    the word, in title, summary or text; case and diacritics do not count
//   flood*                   words that begin so
//   "flood warning"          the words in this order, nothing between
//   flood warning            both (AND may be written)
//   flood OR storm           either; AND binds closer
//   NOT sport, -sport        not the word
//   (a OR b) c               parentheses
//   title:flood title:"..."  in one field: title, text, source, lang, author, category, url
//   title:(flood OR storm)   several in one field
//
// AND, OR and NOT are operators in capitals only. In scripts without spaces a word is found anywhere in the text.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tidings::alert {

// any: title, summary and text of the item. text: summary and text.
enum class Field : std::uint8_t { any, title, text, source, lang, author, category, url };
std::string_view name_of(Field field);

struct Term {
  Field field = Field::any;
  std::vector<std::string> words;  // folded as by Words, at least one; together a phrase
  bool prefix = false;             // the last word need only begin so
  std::string as_written;
};

struct Query {
  enum class Kind : std::uint8_t { term, all, any, none };  // none: NOT of its one child
  Kind kind = Kind::term;
  Term term;                    // kind term
  std::vector<Query> children;  // the other kinds
};

// The error begins with "column N: ", counted in code points from 1, and is one plain sentence.
Result<Query> parse_query(std::string_view text);

}  // namespace tidings::alert
