#include "alert/rules.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include "alert/words.h"
#include "base/hash.h"

namespace tidings::alert {

std::size_t RuleIndex::Hash::operator()(std::string_view s) const { return hash64(s); }

// Where the words of the queries stand in an item. Positions count on through all values of all fields, with a hole
// between two values so that no phrase reaches across.
class RuleIndex::Occurrences {
 public:
  Occurrences(const RuleIndex& index, const model::Item& item) : index_(index) {
    // The order makes each field a span: any is title and text.
    begin(Field::title);
    add(item.title);
    begin(Field::text);
    add(item.summary);
    add(item.body_text);
    begin(Field::source);
    add(item.source_id);
    add(item.source_name);
    begin(Field::lang);
    add(item.language);
    begin(Field::author);
    for (const auto& author : item.authors) {
      add(author.name);
      add(author.email);
    }
    begin(Field::category);
    for (const auto& category : item.categories) {
      add(category.term);
      add(category.label);
    }
    for (const auto& tag : item.tags) add(tag);
    begin(Field::url);
    add(item.url);
    add(item.canonical_url);
    begin_[static_cast<std::size_t>(Field::url) + 1] = position_;
    std::sort(places_.begin(), places_.end());
  }

  bool has(Field field, std::span<const TermId> phrase) const {
    const auto first = static_cast<std::size_t>(field == Field::any ? Field::title : field);
    const std::uint32_t begin = begin_[first];
    const std::uint32_t end = begin_[(field == Field::any ? static_cast<std::size_t>(Field::text) : first) + 1];
    for (auto at = std::lower_bound(places_.begin(), places_.end(), Place(phrase[0], begin));
         at != places_.end() && at->first == phrase[0] && at->second < end; ++at) {
      bool whole = true;
      for (std::uint32_t i = 1; whole && i < phrase.size(); ++i) {
        whole = std::binary_search(places_.begin(), places_.end(), Place(phrase[i], at->second + i));
      }
      if (whole) return true;
    }
    return false;
  }

  template <class F>
  void each_term(F f) const {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (i == 0 || places_[i].first != places_[i - 1].first) f(places_[i].first);
    }
  }

 private:
  using Place = std::pair<TermId, std::uint32_t>;

  void begin(Field field) { begin_[static_cast<std::size_t>(field)] = position_; }

  void add(std::string_view value) {
    words_.clear();
    words_.append(value);
    for (std::size_t i = 0; i < words_.size(); ++i, ++position_) {
      const std::string_view word = words_[i];
      if (const auto found = index_.words_.find(word); found != index_.words_.end()) places_.emplace_back(found->second, position_);
      for (const std::size_t size : index_.prefix_sizes_) {
        if (size > word.size()) break;
        const auto found = index_.prefixes_.find(word.substr(0, size));
        if (found != index_.prefixes_.end()) places_.emplace_back(found->second, position_);
      }
    }
    ++position_;
  }

  const RuleIndex& index_;
  Words words_;
  std::vector<Place> places_;
  std::array<std::uint32_t, static_cast<std::size_t>(Field::url) + 2> begin_{};  // position where each field begins
  std::uint32_t position_ = 0;
};

Result<RuleIndex> RuleIndex::build(std::vector<model::Rule> rules) {
  RuleIndex index;
  index.rules_ = std::move(rules);
  for (std::uint32_t i = 0; i < index.rules_.size(); ++i) {
    const model::Rule& rule = index.rules_[i];
    const auto query = parse_query(rule.query);
    if (!query) {
      const std::string where = rule.origin.empty() ? "" : rule.origin + ": ";
      return Error(query.error().code(), where + "rule \"" + rule.id + "\": " + query.error().message());
    }
    index.nodes_.push_back(index.compile(*query));
    const Keys keys = required_keys(*query, index.nodes_.back());
    if (keys.terms.empty()) index.always_.push_back(i);
    for (const TermId term : keys.terms) index.filed_[term].push_back(i);
  }
  for (const auto& [prefix, term] : index.prefixes_) index.prefix_sizes_.push_back(prefix.size());
  auto& sizes = index.prefix_sizes_;
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return index;
}

std::vector<RuleMatch> RuleIndex::match(const model::Item& item, const model::Verdict& verdict) const {
  if (verdict.kind == model::VerdictKind::duplicate) return {};
  auto matches = match(item);
  if (verdict.kind == model::VerdictKind::update) {
    std::erase_if(matches, [](const RuleMatch& match) { return !match.rule->updates; });
  }
  return matches;
}

std::vector<RuleMatch> RuleIndex::match(const model::Item& item) const {
  std::vector<RuleMatch> matches;
  if (rules_.empty()) return matches;
  const Occurrences found(*this, item);
  std::vector<std::uint32_t> candidates = always_;
  found.each_term([&](TermId term) { candidates.insert(candidates.end(), filed_[term].begin(), filed_[term].end()); });
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const std::uint32_t rule : candidates) {
    RuleMatch match{&rules_[rule], {}};
    if (evaluate(nodes_[rule], found, &match.terms)) matches.push_back(std::move(match));
  }
  return matches;
}

RuleIndex::Node RuleIndex::compile(const Query& query) {
  Node node;
  node.kind = query.kind;
  node.field = query.term.field;
  node.as_written = query.term.as_written;
  for (std::size_t i = 0; i < query.term.words.size(); ++i) {
    const bool prefix = query.term.prefix && i + 1 == query.term.words.size();
    node.terms.push_back(intern(prefix ? prefixes_ : words_, query.term.words[i]));
  }
  for (const Query& child : query.children) node.children.push_back(compile(child));
  return node;
}

RuleIndex::TermId RuleIndex::intern(Dictionary& dictionary, const std::string& word) {
  const auto [entry, added] = dictionary.emplace(word, static_cast<TermId>(filed_.size()));
  if (added) filed_.emplace_back();
  return entry->second;
}

RuleIndex::Keys RuleIndex::required_keys(const Query& query, const Node& node) {
  const auto rarer = [](const Keys& a, const Keys& b) { return a.commonness < b.commonness; };
  constexpr double kAll = std::numeric_limits<double>::infinity();
  Keys best{{}, kAll};
  switch (query.kind) {
    case Query::Kind::none: break;
    case Query::Kind::term:
      // Long words are rare; a beginning is as common as all that begin so; languages and sources stand for many items.
      for (std::size_t i = 0; i < node.terms.size(); ++i) {
        double commonness = 1 / static_cast<double>(query.term.words[i].size());
        if (query.term.prefix && i + 1 == node.terms.size()) commonness *= 4;
        if (node.field == Field::lang || node.field == Field::source) commonness *= 10;
        if (commonness < best.commonness) best = {{node.terms[i]}, commonness};
      }
      break;
    case Query::Kind::all:
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        best = std::min(best, required_keys(query.children[i], node.children[i]), rarer);
      }
      break;
    case Query::Kind::any:
      best.commonness = 0;
      for (std::size_t i = 0; i < node.children.size(); ++i) {
        const Keys keys = required_keys(query.children[i], node.children[i]);
        if (keys.terms.empty()) return {{}, kAll};
        best.terms.insert(best.terms.end(), keys.terms.begin(), keys.terms.end());
        best.commonness += keys.commonness;
      }
      std::sort(best.terms.begin(), best.terms.end());
      best.terms.erase(std::unique(best.terms.begin(), best.terms.end()), best.terms.end());
  }
  return best;
}

// Collects in `terms` what was found, but for what stands under a NOT (`terms` is null there).
bool RuleIndex::evaluate(const Node& node, const Occurrences& found, std::vector<std::string>* terms) {
  switch (node.kind) {
    case Query::Kind::term:
      if (!found.has(node.field, node.terms)) return false;
      if (terms != nullptr) terms->push_back(node.as_written);
      return true;
    case Query::Kind::none: return !evaluate(node.children.front(), found, nullptr);
    case Query::Kind::all: {
      const std::size_t before = terms == nullptr ? 0 : terms->size();
      for (const Node& child : node.children) {
        if (evaluate(child, found, terms)) continue;
        if (terms != nullptr) terms->resize(before);
        return false;
      }
      return true;
    }
    case Query::Kind::any: {
      bool any = false;
      for (const Node& child : node.children) any = evaluate(child, found, terms) || any;
      return any;
    }
  }
  return false;
}

}  // namespace tidings::alert
