#include "normalize/plain_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "normalize/css.h"

namespace tidings::normalize {
namespace {

using std::string_view;

constexpr std::size_t kMaxListIndent = 8;

// Bytes that may begin white space or a sign that is not seen.
constexpr auto kSpecial = [] {
  std::array<bool, 256> special{};
  for (std::size_t i = 0; i <= 0x20; ++i) special[i] = true;
  special[0x7F] = special[0xC2] = special[0xE2] = special[0xEF] = true;
  return special;
}();

bool is_hidden(const Element& element, const std::vector<Attribute>& attributes) {
  if (element.is(kDropped | kHidden)) return true;
  return std::any_of(attributes.begin(), attributes.end(), [](const Attribute& a) {
    return a.name == "hidden" || (a.name == "style" && hides(a.value));
  });
}

}  // namespace

void ReadableText::clear() {
  out.clear();
  mark_.clear();
  lists_.clear();
  hidden_ = pre_ = 0;
  lines_ = 0;
  gap_ = 0;
}

void ReadableText::line_break(int lines) {
  lines_ = std::max(lines_, lines);
  gap_ = 0;
}

void ReadableText::put(string_view words) {
  if (words.empty()) return;
  if (lines_ > 0) {
    if (!out.empty()) out.append(static_cast<std::size_t>(lines_), '\n');
  } else if (gap_ != 0 && !out.empty() && mark_.empty()) {
    out += gap_;
  }
  lines_ = 0;
  gap_ = 0;
  if (!mark_.empty()) {
    out += mark_;
    mark_.clear();
  }
  out += words;
}

// Runs of white space are one space; soft hyphens and signs of no width are not read.
void ReadableText::flow(string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t end = i;
    while (end < text.size() && !kSpecial[static_cast<unsigned char>(text[end])]) ++end;
    put(text.substr(i, end - i));
    i = end;
    if (i >= text.size()) return;
    const string_view rest = text.substr(i);
    if (static_cast<unsigned char>(rest[0]) <= 0x20 || rest.starts_with("\xC2\xA0")) {
      if (gap_ == 0) gap_ = ' ';
      i += rest[0] == '\xC2' ? 2U : 1U;
    } else if (rest[0] == 0x7F) {
      ++i;
    } else if (rest.starts_with("\xC2\xAD")) {
      i += 2;
    } else if (rest.starts_with("\xE2\x80\x8B") || rest.starts_with("\xEF\xBB\xBF") || rest.starts_with("\xE2\x81\xA0")) {
      i += 3;
    } else {
      const std::size_t length = std::min<std::size_t>(rest[0] == '\xC2' ? 2 : 3, rest.size());
      put(rest.substr(0, length));
      i += length;
    }
  }
}

void ReadableText::verbatim(string_view text) {
  for (const string_view line : text::split(text, '\n')) {
    if (line.data() != text.data()) lines_ = std::min(lines_ + 1, 3);
    string_view kept = line;
    while (!kept.empty() && text::is_ascii_space(kept.back())) kept.remove_suffix(1);
    put(kept);
    if (kept.size() < line.size() && lines_ == 0) gap_ = ' ';
  }
}

void ReadableText::text(string_view text) {
  if (hidden_ > 0) return;
  if (pre_ > 0) {
    verbatim(text);
  } else {
    flow(text);
  }
}

void ReadableText::open(const Element& element, string_view name, const std::vector<Attribute>& attributes) {
  if (element.is(kVoid)) {
    if (hidden_ > 0) return;
    if (name == "br") {
      lines_ = std::min(lines_ + 1, 2);
      gap_ = 0;
    } else if (name == "hr") {
      line_break(2);
    }
    return;
  }
  if (hidden_ > 0 || is_hidden(element, attributes)) {
    ++hidden_;
    return;
  }
  if (element.is(kParagraph)) {
    line_break(element.kind == kList && !lists_.empty() ? 1 : 2);
  } else if (element.is(kBlock)) {
    line_break(1);
  }
  if (element.kind == kList) {
    lists_.push_back(name == "ol" ? 0 : -1);
  } else if (element.kind == kLi) {
    int* number = lists_.empty() || lists_.back() < 0 ? nullptr : &lists_.back();
    mark_.assign(lists_.empty() ? 0 : std::min(lists_.size() - 1, kMaxListIndent) * 2, ' ');
    mark_ += number == nullptr ? "- " : std::to_string(++*number) + ". ";
  } else if (element.kind == kCell) {
    if (lines_ == 0 && !out.empty()) gap_ = '\t';
  } else if (name == "pre") {
    ++pre_;
  } else if (name == "q") {
    put("\xE2\x80\x9C");
  }
}

void ReadableText::close(const Element& element, string_view name) {
  if (hidden_ > 0) {
    --hidden_;
    return;
  }
  if (element.kind == kList) lists_.pop_back();
  if (element.kind == kLi) mark_.clear();
  if (name == "pre") --pre_;
  if (name == "q") {
    gap_ = 0;
    put("\xE2\x80\x9D");
  }
  if (element.is(kParagraph)) {
    line_break(element.kind == kList && !lists_.empty() ? 1 : 2);
  } else if (element.is(kBlock)) {
    line_break(1);
  }
}

}  // namespace tidings::normalize
