#include "normalize/html.h"

#include <algorithm>

#include "base/text.h"
#include "normalize/entities.h"
#include "normalize/html_scan.h"
#include "normalize/html_tree.h"
#include "normalize/plain_text.h"
#include "normalize/sanitize.h"

namespace tidings::normalize {
namespace {

using std::string_view;

bool has_markup(string_view html) { return html.find_first_of(string_view("<&\0", 3)) != string_view::npos; }

class Both final : public HtmlSink {
 public:
  explicit Both(string_view base_url) : html(base_url) {}
  void open(const Element& element, string_view name, const std::vector<Attribute>& attributes) override {
    html.open(element, name, attributes);
    text_.open(element, name, attributes);
  }
  void close(const Element& element, string_view name) override {
    html.close(element, name);
    text_.close(element, name);
  }
  void text(string_view text) override {
    html.text(text);
    text_.text(text);
  }
  void clear() {
    html.clear();
    text_.clear();
  }
  SafeHtml html;
  ReadableText text_;
};

template <class Sink>
void read(string_view html, Sink& sink) {
  if (scan_html(html, ScanMode::strict, sink)) return;
  sink.clear();
  const auto straight = straighten_html(html);
  scan_html(straight ? *straight : html, ScanMode::recover, sink);
}

std::string trimmed(std::string s) {
  const string_view kept = text::trim(s);
  return kept.size() == s.size() ? std::move(s) : std::string(kept);
}

std::string only_escaped(string_view text) {
  std::string out;
  out.reserve(text.size());
  escape_text(text::trim(text), out);
  return out;
}

std::string only_read(string_view text) {
  ReadableText sink;
  sink.out.reserve(text.size());
  sink.text(text);
  return std::move(sink.out);
}

}  // namespace

std::string sanitize_html(string_view html, string_view base_url) {
  if (!has_markup(html)) return only_escaped(html);
  SafeHtml sink(base_url);
  sink.out.reserve(html.size() + html.size() / 8);
  read(html, sink);
  return trimmed(std::move(sink.out));
}

std::string plain_text(string_view html) {
  if (!has_markup(html)) return only_read(html);
  ReadableText sink;
  sink.out.reserve(html.size());
  read(html, sink);
  return trimmed(std::move(sink.out));
}

std::string plain_line(string_view html) {
  std::string text = plain_text(html);
  return text.find_first_of("\n\t") == std::string::npos ? text : text::collapse_space(text);
}

HtmlReading read_html(string_view html, string_view base_url) {
  if (!has_markup(html)) return {only_escaped(html), only_read(html)};
  Both sink(base_url);
  sink.html.out.reserve(html.size() + html.size() / 8);
  sink.text_.out.reserve(html.size());
  read(html, sink);
  return {trimmed(std::move(sink.html.out)), trimmed(std::move(sink.text_.out))};
}

bool looks_like_html(string_view text) {
  for (auto at = text.find_first_of("<&"); at != string_view::npos; at = text.find_first_of("<&", at + 1)) {
    const string_view rest = text.substr(at);
    if (rest[0] == '&') {
      if (begins_with_reference(rest)) return true;
      continue;
    }
    const bool end_tag = rest.size() > 1 && rest[1] == '/';
    const string_view tag = rest.substr(end_tag ? 2 : 1, 32);
    const auto length = std::min(tag.find_first_of(" \t\r\n/>"), tag.size());
    if (length == tag.size()) continue;
    const Element& element = element_of(text::ascii_lower(tag.substr(0, length)));
    if (!element.name.empty() && (end_tag || element.is(kVoid)) && rest.find('>') != string_view::npos) return true;
  }
  return false;
}

}  // namespace tidings::normalize
