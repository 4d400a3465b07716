#pragma once
// Thousands of rules against each item: every rule is filed under words that an item must have for it to match, so that
// only the rules whose words occur are looked at.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "alert/query.h"
#include "base/result.h"
#include "model/alert.h"
#include "model/item.h"

namespace tidings::alert {

struct RuleMatch {
  const model::Rule* rule = nullptr;  // good as long as the index
  std::vector<std::string> terms;     // of the query, as written, that were found
};

// Built once from all rules; const after that, so any thread may match.
class RuleIndex {
 public:
  RuleIndex() = default;
  RuleIndex(RuleIndex&&) = default;
  RuleIndex& operator=(RuleIndex&&) = default;

  // The error names the rule, where it was read from, and the column.
  static Result<RuleIndex> build(std::vector<model::Rule> rules);

  // The rules that a new or updated item meets, in the order they were given; none for a duplicate.
  std::vector<RuleMatch> match(const model::Item& item, const model::Verdict& verdict) const;
  // The same without a look at the verdict.
  std::vector<RuleMatch> match(const model::Item& item) const;

  const std::vector<model::Rule>& rules() const { return rules_; }

 private:
  using TermId = std::uint32_t;
  struct Node {
    Query::Kind kind = Query::Kind::term;
    Field field = Field::any;
    std::vector<TermId> terms;  // of a phrase, in order
    std::string as_written;
    std::vector<Node> children;
  };
  // Words that an item must have at least one of; `commonness` guesses at how many items do.
  struct Keys {
    std::vector<TermId> terms;
    double commonness = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const;
  };
  using Dictionary = std::unordered_map<std::string, TermId, Hash, std::equal_to<>>;
  class Occurrences;

  Node compile(const Query& query);
  TermId intern(Dictionary& dictionary, const std::string& word);
  static Keys required_keys(const Query& query, const Node& node);
  static bool evaluate(const Node& node, const Occurrences& found, std::vector<std::string>* terms);

  std::vector<model::Rule> rules_;
  std::vector<Node> nodes_;                         // of each rule
  Dictionary words_;                                // whole words of all queries
  Dictionary prefixes_;                             // beginnings of words
  std::vector<std::size_t> prefix_sizes_;           // their lengths in bytes, each once
  std::vector<std::vector<std::uint32_t>> filed_;   // by term: the rules filed under it
  std::vector<std::uint32_t> always_;               // rules that need no word
};

}  // namespace tidings::alert
