#include "alert/query.h"

#include <algorithm>
#include <array>
#include <optional>

#include "alert/words.h"
#include "base/text.h"

namespace tidings::alert {
namespace {

constexpr std::size_t kMaxDepth = 50;
constexpr std::size_t kMaxTerms = 1000;
constexpr std::size_t kMaxBytes = 64 * 1024;

struct NamedField {
  std::string_view name;
  Field field;
};
constexpr std::array<NamedField, 7> kFields = {{{"title", Field::title},
                                                {"text", Field::text},
                                                {"source", Field::source},
                                                {"lang", Field::lang},
                                                {"author", Field::author},
                                                {"category", Field::category},
                                                {"url", Field::url}}};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Query> parse() {
    if (text_.size() > kMaxBytes) return Error(Errc::too_large, "a query of more than 64 kB");
    if (!text::is_valid_utf8(text_)) return Error(Errc::invalid, "the query is not valid UTF-8");
    skip_space();
    if (at_end()) return Error(Errc::invalid, "the query is empty");
    auto query = either(Field::any);
    if (query && !at_end()) return error(at_, "there is no ( for this )");
    return query;
  }

 private:
  // either := all ("OR" all)*
  Result<Query> either(Field field) {
    Query any{Query::Kind::any, {}, {}};
    for (;;) {
      auto child = all(field);
      if (!child) return child;
      any.children.push_back(std::move(*child));
      if (!take_operator("OR")) return single(std::move(any));
    }
  }

  // all := one (["AND"] one)*
  Result<Query> all(Field field) {
    Query all{Query::Kind::all, {}, {}};
    for (;;) {
      auto child = one(field);
      if (!child) return child;
      all.children.push_back(std::move(*child));
      const std::size_t operator_at = at_;
      const bool and_written = take_operator("AND");
      const bool ends = at_end() || peek() == ')' || is_operator("OR");
      if (ends && and_written) return error(operator_at, "AND has nothing on its right");
      if (ends) return single(std::move(all));
    }
  }

  // one := ("NOT" | "-") one | [field ":"] ( "(" either ")" | phrase | word )
  Result<Query> one(Field field) {
    const std::size_t begin = at_;
    if (at_end()) return error(at_, "a word is missing at the end of the query");
    if (depth_ >= kMaxDepth) return error(at_, "the query is nested more than 50 deep");
    for (const std::string_view word : {"AND", "OR"}) {
      if (is_operator(word)) return error(at_, std::string(word) + " has nothing on its left");
    }
    ++depth_;
    auto result = nested(field, begin);
    --depth_;
    return result;
  }

  Result<Query> nested(Field field, std::size_t begin) {
    if (take_operator("NOT") || take_minus()) {
      if (at_end() || peek() == ')') return error(begin, "NOT has nothing on its right");
      auto child = one(field);
      if (!child) return child;
      Query none{Query::Kind::none, {}, {}};
      none.children.push_back(std::move(*child));
      return none;
    }
    if (peek() == ')') return error(at_, "a word is missing before this )");
    if (const auto name = take_field_name()) {
      const auto found = std::find_if(kFields.begin(), kFields.end(),
                                      [&](const NamedField& f) { return text::equal_ignoring_case(f.name, *name); });
      if (found == kFields.end()) return error(begin, unknown_field(*name));
      field = found->field;
      if (at_end() || text::is_ascii_space(peek())) return error(at_, std::string(*name) + ": needs a word right after the colon");
    }
    if (peek() == '(') return group(field);
    return term(field);
  }

  Result<Query> group(Field field) {
    const std::size_t begin = at_;
    ++at_;
    skip_space();
    auto inner = either(field);
    if (!inner) return inner;
    if (at_end()) return error(begin, "this ( is never closed");
    ++at_;
    skip_space();
    return inner;
  }

  Result<Query> term(Field field) {
    const std::size_t begin = at_;
    std::string_view written;
    if (peek() == '"') {
      const std::size_t end = text_.find('"', at_ + 1);
      if (end == std::string_view::npos) return error(begin, "this quotation is never closed");
      written = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
    } else {
      const std::size_t end = std::min(text_.find_first_of(" \t\n\r\f\v()\"", at_), text_.size());
      written = text_.substr(at_, end - at_);
      at_ = end;
    }
    const std::string_view whole = text_.substr(begin, at_ - begin);
    skip_space();
    if (++terms_ > kMaxTerms) return error(begin, "the query has more than 1000 words");
    Query query;
    query.term.field = field;
    query.term.words = Words(written).strings();
    query.term.prefix = !written.empty() && written.back() == '*';
    query.term.as_written = field == Field::any ? std::string(whole) : std::string(name_of(field)) + ":" + std::string(whole);
    if (query.term.words.empty()) return error(begin, std::string(whole) + " has no letter or digit to look for");
    return query;
  }

  // A name of letters right before a colon; the input stands behind the colon then.
  std::optional<std::string_view> take_field_name() {
    std::size_t end = at_;
    while (end < text_.size() && ((text_[end] >= 'a' && text_[end] <= 'z') || (text_[end] >= 'A' && text_[end] <= 'Z'))) ++end;
    if (end == at_ || end == text_.size() || text_[end] != ':') return std::nullopt;
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end + 1;
    return name;
  }

  static std::string unknown_field(std::string_view name) {
    std::vector<std::string_view> names;
    for (const NamedField& field : kFields) names.push_back(field.name);
    const std::string lower = text::ascii_lower(name);
    const std::string_view near = text::nearest(lower, names);
    std::string message = "there is no field \"" + std::string(name) + "\"";
    if (!near.empty()) return message + ": did you mean " + std::string(near) + ":";
    return message + ": put the words in quotation marks if the colon belongs to them; the fields are title, text, source, "
                     "lang, author, category and url";
  }

  bool is_operator(std::string_view word) const {
    if (text_.substr(at_, word.size()) != word) return false;
    const std::size_t end = at_ + word.size();
    return end == text_.size() || text::is_ascii_space(text_[end]) || text_[end] == '(' || text_[end] == ')' || text_[end] == '"';
  }
  bool take_operator(std::string_view word) {
    if (!is_operator(word)) return false;
    at_ += word.size();
    skip_space();
    return true;
  }
  bool take_minus() {
    if (peek() != '-' || at_ + 1 == text_.size() || text::is_ascii_space(text_[at_ + 1])) return false;
    ++at_;
    return true;
  }

  static Query single(Query query) {
    if (query.children.size() > 1) return query;
    Query child = std::move(query.children.front());
    return child;
  }
  Error error(std::size_t at, const std::string& message) const {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    const auto before = text_.substr(0, at);
    const auto column = before.size() - static_cast<std::size_t>(std::count_if(before.begin(), before.end(), continues)) + 1;
    return Error(Errc::invalid, "column " + std::to_string(column) + ": " + message);
  }
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return text_[at_]; }
  void skip_space() {
    while (!at_end() && text::is_ascii_space(peek())) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t terms_ = 0;
};

}  // namespace

std::string_view name_of(Field field) {
  const auto found = std::find_if(kFields.begin(), kFields.end(), [&](const NamedField& f) { return f.field == field; });
  return found == kFields.end() ? "" : found->name;
}

Result<Query> parse_query(std::string_view text) { return Parser(text).parse(); }

}  // namespace tidings::alert
