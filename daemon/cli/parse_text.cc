#include "cli/parse_text.h"

#include <fmt/format.h>

#include <iterator>

#include "base/text.h"
#include "cli/parse_json.h"

namespace tidings::cli {
namespace {

std::string one_line(const model::Text& t) { return text::collapse_space(shown_text(t)); }

std::string title_of(const model::Feed& f) {
  std::string out = f.format.empty() ? "unknown format" : f.format;
  if (!f.version.empty()) out += " " + f.version;
  return out;
}

template <class... Args>
void line(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
  out += '\n';
}

void field(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) line(out, "  {:<10} {}", name, value);
}

void entry_text(std::string& out, const model::Entry& e, std::size_t number) {
  const std::string title = one_line(e.title);
  line(out, "\n{:>4}  {}{}", number, e.deleted ? "(withdrawn) " : "", title.empty() ? "(no title)" : title);
  const model::Date& date = e.published.time ? e.published : e.updated;
  const std::string time = shown_time(date);
  field(out, "    date", time.empty() && !date.raw.empty() ? "not understood: " + date.raw : time);
  field(out, "    link", e.link);
  field(out, "    id", e.id);
  for (const model::Person& p : e.authors) field(out, "    author", p.name.empty() ? p.email : p.name);
  for (const model::Media& m : e.enclosures) field(out, "    enclosure", m.url);
  std::string summary = one_line(e.summary);
  if (summary.empty() && !e.content.empty()) summary = one_line(e.content.front());
  if (summary.size() > 200) summary = std::string(text::truncate_utf8(summary, 200)) + "…";
  field(out, "    text", summary);
}

}  // namespace

std::string lint_text(const Parsed& parsed, const std::string& name) {
  std::string out;
  int warnings = 0;
  using Severity = model::Warning::Severity;
  for (const model::Warning& w : parsed.document.warnings) {
    const char* severity = w.severity == Severity::error ? "error" : w.severity == Severity::warning ? "warning" : "note";
    warnings += w.severity != Severity::note;
    const std::string place = w.line > 0 ? fmt::format("{}:{}", name, w.line) : name;
    line(out, "{}: {}: {} [{}]", place, severity, w.message, w.code);
  }
  const std::size_t entries = parsed.document.entries.size();
  line(out, "{}: {}, {} {}, {} warning{}{}", name, title_of(parsed.document.feed), entries, entries == 1 ? "entry" : "entries", warnings,
       warnings == 1 ? "" : "s", parsed.document.partial ? ", partial" : "");
  return out;
}

std::string document_text(const Parsed& parsed, const std::string& name) {
  const model::Document& d = parsed.document;
  std::string out;
  line(out, "{}", one_line(d.feed.title).empty() ? name : one_line(d.feed.title));
  field(out, "format", title_of(d.feed));
  field(out, "link", d.feed.link);
  field(out, "self", d.feed.self);
  for (const std::string& hub : d.feed.hubs) field(out, "hub", hub);
  field(out, "language", d.feed.language);
  field(out, "updated", shown_time(d.feed.updated));
  field(out, "generator", d.feed.generator);
  if (d.feed.ttl_minutes >= 0) field(out, "ttl", fmt::format("{} minutes", d.feed.ttl_minutes));
  field(out, "entries", fmt::format("{}{}", d.entries.size(), d.partial ? ", but not all that the source has" : ""));
  for (const model::Warning& w : d.warnings) {
    const bool is_note = w.severity == model::Warning::Severity::note;
    field(out, is_note ? w.code : w.severity == model::Warning::Severity::error ? "error" : "warning",
          w.line > 0 ? fmt::format("line {}: {}", w.line, w.message) : w.message);
  }
  std::size_t number = 0;
  for (const model::Entry& e : d.entries) entry_text(out, e, ++number);
  return out;
}

}  // namespace tidings::cli
