#include "feed/findings.h"

#include <string>

namespace tidings::feed {
namespace {

struct Sentence {
  Flaw flaw;
  const char* code;
  const char* text;
};

constexpr Sentence kSentences[] = {
    {Flaw::late_declaration, "late-declaration", "the XML declaration is not the first thing in the document"},
    {Flaw::junk_before, "junk-before", "something stands before the feed"},
    {Flaw::junk_after, "junk-after", "something stands after the feed"},
    {Flaw::unclosed_element, "unclosed-element", "an element has no end tag; it was ended with its parent"},
    {Flaw::stray_end_tag, "stray-end-tag", "an end tag matches no open element; it was passed over"},
    {Flaw::bare_less_than, "bare-less-than", "a < that begins no tag was read as text"},
    {Flaw::bare_ampersand, "bare-ampersand", "an & that begins no reference was read as text: it is written &amp;"},
    {Flaw::undeclared_entity, "undeclared-entity", "an entity of HTML is used, which XML does not know"},
    {Flaw::unterminated, "unterminated", "a tag, attribute value, comment or CDATA section has no end"},
    {Flaw::too_deep, "too-deep", "elements are nested too deep; the innermost were left out"},
    {Flaw::too_many_nodes, "too-many-nodes", "one element holds too many others; the rest of them was left out"},
    {Flaw::undeclared_prefix, "undeclared-prefix", "a namespace prefix is used without being declared"},
    {Flaw::truncated, "truncated", "the document ends before its elements do"},
};

}  // namespace

void report_encoding(const Decoded& document, sdk::Sink& sink) {
  sink.note("encoding", document.encoding + ": " + document.reason);
  if (!document.distrusted.empty()) sink.warning("encoding-distrusted", document.distrusted);
  if (document.was_double_encoded) sink.warning("double-encoded", "the text was encoded as UTF-8 twice; this was undone");
  if (document.had_invalid) sink.warning("invalid-bytes", "bytes that are no text in " + document.encoding + " were replaced");
  if (document.had_forbidden) sink.warning("control-characters", "control characters, which XML forbids, were left out");
}

void report_repairs(Xml& xml, sdk::Sink& sink) {
  for (const Sentence& s : kSentences) {
    const FlawCount& flaw = xml.flaw(s.flaw);
    if (flaw.count == 0) continue;
    std::string message = s.text;
    if (flaw.count > 1) message += " (" + std::to_string(flaw.count) + " times, this is the first)";
    sink.warning(s.code, message, xml.line_of(flaw.first_offset));
  }
}

}  // namespace tidings::feed
