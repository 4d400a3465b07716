#include "normalize/html_scan.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "normalize/entities.h"
#include "normalize/html_foreign.h"

namespace tidings::normalize {
namespace {

using std::string_view;
constexpr auto kNone = string_view::npos;

bool is_html_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r'; }
bool is_letter(char c) { return text::to_ascii_lower(c) >= 'a' && text::to_ascii_lower(c) <= 'z'; }

class Scanner {
 public:
  Scanner(string_view html, ScanMode mode, HtmlSink& sink) : html_(html), strict_(mode == ScanMode::strict), sink_(sink) {
    stack_.reserve(32);
  }

  bool run() {
    while (at_ < html_.size()) {
      if (!(html_[at_] == '<' ? markup() : text_run())) return false;
    }
    while (!stack_.empty()) pop();
    return true;
  }

 private:
  struct Open {
    const Element* element;
    std::string name;
  };

  char peek(std::size_t ahead) const { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; }
  // What the standard would nest otherwise than we do: strict stops, recover goes on.
  bool odd() const { return !strict_; }

  void pop() {
    const Open top = std::move(stack_.back());
    stack_.pop_back();
    sink_.close(*top.element, top.name);
  }
  void pop_to(std::size_t size) {
    while (stack_.size() > size) pop();
  }
  bool only_implied_above(std::size_t index) const {
    return std::all_of(stack_.begin() + static_cast<std::ptrdiff_t>(index) + 1, stack_.end(),
                       [](const Open& open) { return open.element->is(kImpliedEnd); });
  }
  std::size_t open_table() const {
    for (std::size_t i = stack_.size(); i-- > 0;) {
      if (stack_[i].element->kind == kTable) return i;
    }
    return kNone;
  }

  // Text and elements that cannot stand between the parts of a table.
  bool leave_table_gap() {
    if (stack_.empty() || !stack_.back().element->is(kTableGap)) return true;
    const std::size_t table = open_table();
    if (table == kNone) return true;
    if (!odd()) return false;
    pop_to(table);
    return true;
  }

  bool emit(string_view raw, bool references) {
    if (raw.empty()) return true;
    if (!stack_.empty() && stack_.back().element->is(kTableGap) && !std::all_of(raw.begin(), raw.end(), is_html_space) &&
        !leave_table_gap()) {
      return false;
    }
    if (raw.find('\0') != kNone && !odd()) return false;
    string_view out = raw;
    if (references && raw.find('&') != kNone) {
      scratch_.clear();
      if (!decode_references(raw, ReferencePlace::text, scratch_) && !odd()) return false;
      out = scratch_;
    }
    sink_.text(out);
    return true;
  }

  bool text_run() {
    const std::size_t end = std::min(html_.find('<', at_), html_.size());
    const string_view raw = html_.substr(at_, end - at_);
    at_ = end;
    return emit(raw, true);
  }

  bool markup() {
    const char next = peek(1);
    if (next == '/') {
      if (is_letter(peek(2))) return end_tag();
      if (peek(2) == '>') {
        at_ += 3;
        return true;
      }
      return at_ + 2 >= html_.size() ? literal() : bogus_comment();
    }
    if (next == '!') return peek(2) == '-' && peek(3) == '-' ? comment() : bogus_comment();
    if (next == '?') return bogus_comment();
    return is_letter(next) ? start_tag() : literal();
  }

  bool literal() {
    ++at_;
    return emit("<", false);
  }

  // What never ends, or holds a tag, was meant as text: "<!DOCTYPE" in a title.
  bool bogus_comment() {
    const auto end = html_.find('>', at_);
    if (peek(1) == '!' && (end == kNone || html_.find('<', at_ + 1) < end)) return literal();
    at_ = end == kNone ? html_.size() : end + 1;
    return true;
  }

  bool comment() {
    const string_view body = html_.substr(at_ + 4);
    if (body.starts_with('>') || body.starts_with("->")) {
      at_ += body[0] == '>' ? 5U : 6U;
      return true;
    }
    const auto plain = body.find("-->");
    const auto bang = body.substr(0, plain).find("--!>");
    // One without an end would take all that follows with it: it ends with its first >.
    const auto end = bang != kNone ? bang + 4 : plain != kNone ? plain + 3 : std::min(body.find('>'), body.size() - 1) + 1;
    at_ += 4 + end;
    return true;
  }

  void skip_space() {
    while (at_ < html_.size() && (is_html_space(html_[at_]) || html_[at_] == '/')) ++at_;
  }

  string_view lower(string_view s, std::string& into) {
    if (std::none_of(s.begin(), s.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) return s;
    into = text::ascii_lower(s);
    return into;
  }

  string_view tag_name() {
    const std::size_t from = at_;
    while (at_ < html_.size() && !is_html_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') ++at_;
    return html_.substr(from, at_ - from);
  }

  struct RawAttribute {
    string_view name;
    string_view value;
  };

  // From after the tag's name to after its '>'. False: the text ends inside the tag.
  bool raw_attributes() {
    raw_.clear();
    for (;;) {
      skip_space();
      if (at_ >= html_.size()) return false;
      if (html_[at_] == '>') {
        closed_itself_ = html_[at_ - 1] == '/';
        ++at_;
        return true;
      }
      RawAttribute a;
      const std::size_t from = at_++;  // a first '=' is part of the name
      while (at_ < html_.size() && !is_html_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=') ++at_;
      a.name = html_.substr(from, at_ - from);
      std::size_t i = at_;
      while (i < html_.size() && is_html_space(html_[i])) ++i;
      if (i < html_.size() && html_[i] == '=') {
        at_ = i + 1;
        while (at_ < html_.size() && is_html_space(html_[at_])) ++at_;
        if (at_ >= html_.size()) return false;
        if (const char quote = html_[at_]; quote == '"' || quote == '\'') {
          const auto end = html_.find(quote, at_ + 1);
          if (end == kNone) {
            at_ = html_.size();
            return false;
          }
          a.value = html_.substr(at_ + 1, end - at_ - 1);
          at_ = end + 1;
        } else {
          const std::size_t value = at_;
          while (at_ < html_.size() && !is_html_space(html_[at_]) && html_[at_] != '>') ++at_;
          a.value = html_.substr(value, at_ - value);
        }
      }
      if (raw_.size() < kMaxAttributes) raw_.push_back(a);
    }
  }

  // Decodes raw_ into attributes_; the first of a name counts.
  bool decode_attributes() {
    attributes_.clear();
    values_.clear();
    std::size_t total = 0;
    for (const auto& a : raw_) total += a.name.size() + a.value.size() * 2 + 8;  // so that views into values_ stay
    values_.reserve(total);
    for (const auto& a : raw_) {
      Attribute out{a.name, a.value};
      if (std::any_of(a.name.begin(), a.name.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
        const std::size_t from = values_.size();
        for (const char c : a.name) values_ += text::to_ascii_lower(c);
        out.name = string_view(values_).substr(from);
      }
      if (a.value.find('&') != kNone) {
        const std::size_t from = values_.size();
        if (!decode_references(a.value, ReferencePlace::attribute, values_) && !odd()) return false;
        out.value = string_view(values_).substr(from);
      }
      const auto same = [&](const Attribute& other) { return other.name == out.name; };
      if (std::none_of(attributes_.begin(), attributes_.end(), same)) attributes_.push_back(out);
    }
    return true;
  }

  // Ends what this start tag implies the end of.
  bool imply_ends(const Element& element) {
    const ImpliedEnd rule = implied_ends_of(element);
    if (rule.ends == 0) return true;
    std::size_t furthest = kNone;
    for (std::size_t i = stack_.size(); i-- > 0;) {
      const std::uint32_t kind = stack_[i].element->kind;
      if ((kind & rule.stops) != 0) break;
      if ((kind & rule.ends) != 0) furthest = i;
    }
    if (furthest == kNone) return true;
    const bool plain = only_implied_above(furthest) && stack_[furthest].element->is(kImpliedEnd);
    if (!plain && !odd()) return false;
    pop_to(furthest);
    return true;
  }

  bool in_foreign() const {
    return !stack_.empty() && stack_.back().element->is(kForeign) && !stack_.back().element->is(kHtmlInside);
  }
  // An element of HTML ends the drawing or formula that it stands in.
  void leave_foreign() {
    while (in_foreign()) pop();
  }

  bool start_tag() {
    ++at_;
    std::string name_storage;
    const string_view name = lower(tag_name(), name_storage);
    if (!raw_attributes()) {
      at_ = html_.size();
      return true;
    }
    if (in_foreign() && foreign_element_of(name).name.empty() && !element_of(name).name.empty()) {
      if (!odd()) return false;
      leave_foreign();
    }
    const Element& element = in_foreign() ? foreign_element_of(name) : element_of(name);
    if (element.is(kIgnored)) return odd();
    if (element.is(kNeedsTree) && !odd()) return false;
    if (!decode_attributes()) return false;
    if (!element.is(kTablePart) && !leave_table_gap()) return false;
    if (!imply_ends(element)) return false;
    if (element.is(kVoid)) {
      sink_.open(element, name, attributes_);
      if (html_.substr(at_).starts_with("</br>") && name == "br") at_ += 5;  // XHTML's one break, HTML's two
      return true;
    }
    // XHTML's <script/> and the like are empty; HTML would take all that follows as their content.
    if (closed_itself_ && element.is(kDropped | kRcdata)) return true;
    if (closed_itself_ && element.is(kForeign)) {
      sink_.open(element, name, attributes_);
      sink_.close(element, name);
      return true;
    }
    if (stack_.size() >= kMaxHtmlDepth) {
      if (!odd()) return false;
      ++too_deep_;
      return !element.is(kRawText | kRcdata) || skip_raw(name);
    }
    sink_.open(element, name, attributes_);
    stack_.push_back({&element, std::string(name)});
    if (element.is(kRawText | kRcdata)) return raw_content(element, name);
    if ((name == "pre" || name == "listing") && peek(0) == '\n') ++at_;
    return true;
  }

  // Where the end tag of this element begins, or the end of the text.
  std::size_t find_end_tag(string_view name) const {
    for (auto at = html_.find("</", at_); at != kNone; at = html_.find("</", at + 2)) {
      const string_view rest = html_.substr(at + 2);
      if (!text::starts_with_ignoring_case(rest, name)) continue;
      if (rest.size() == name.size() || is_html_space(rest[name.size()]) || rest[name.size()] == '>' || rest[name.size()] == '/') return at;
    }
    return html_.size();
  }

  bool skip_raw(string_view name) {
    at_ = find_end_tag(name);
    return true;
  }

  bool raw_content(const Element& element, string_view name) {
    const std::size_t end = find_end_tag(name);
    string_view content = html_.substr(at_, end - at_);
    at_ = end;
    if (name == "script" && content.find("<!--") != kNone && !odd()) return false;  // the script-escaped states
    if (!element.is(kRcdata)) return true;
    if (name == "textarea" && content.starts_with('\n')) content.remove_prefix(1);
    return emit(content, true);
  }

  bool end_tag() {
    at_ += 2;
    std::string name_storage;
    const string_view name = lower(tag_name(), name_storage);
    if (!raw_attributes()) {
      at_ = html_.size();
      return true;
    }
    const Element& element = element_of(name);
    if (element.is(kIgnored)) return odd();
    if (too_deep_ > 0) {
      --too_deep_;
      return true;
    }
    if (name == "br") {
      attributes_.clear();
      if (in_foreign() && !odd()) return false;
      leave_foreign();
      if (!leave_table_gap()) return false;
      sink_.open(element_of("br"), "br", attributes_);
      return true;
    }
    for (std::size_t i = stack_.size(); i-- > 0;) {
      if (stack_[i].name == name) {
        const bool plain = i + 1 == stack_.size() || (only_implied_above(i) && !element.is(kFormatting));
        if (!plain && !odd()) return false;
        pop_to(i);
        return true;
      }
      const bool reaches_out = element.is(kTablePart | kTableGap);
      if (stack_[i].element->is(kScope) && !(reaches_out && stack_[i].element->kind != kTable)) break;
    }
    return true;  // nothing to end; that a lone </p> makes an empty p in the standard is not wanted
  }

  static constexpr std::size_t kMaxAttributes = 64;
  string_view html_;
  bool strict_;
  HtmlSink& sink_;
  std::size_t at_ = 0;
  std::size_t too_deep_ = 0;
  bool closed_itself_ = false;  // the last tag ended in "/>"
  std::vector<Open> stack_;
  std::vector<RawAttribute> raw_;
  std::vector<Attribute> attributes_;
  std::string values_;
  std::string scratch_;
};

}  // namespace

bool scan_html(string_view html, ScanMode mode, HtmlSink& sink) { return Scanner(html, mode, sink).run(); }

}  // namespace tidings::normalize
