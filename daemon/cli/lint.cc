#include "cli/lint.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/text.h"

namespace tidings::cli {
namespace {

using model::Warning;
using Severity = Warning::Severity;

class Findings {
 public:
  void add(Severity severity, const char* code, std::string message, std::uint32_t line) {
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].code != code) continue;
      ++counts_[i];
      return;
    }
    found_.push_back({severity, line, code, std::move(message)});
    counts_.push_back(1);
  }

  std::vector<Warning> take() {
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (counts_[i] > 1) found_[i].message += " (" + std::to_string(counts_[i]) + " times, this is the first)";
    }
    return std::move(found_);
  }

 private:
  std::vector<Warning> found_;
  std::vector<std::size_t> counts_;
};

// BCP 47 in rough: words of up to eight letters and digits, the first of letters alone.
bool is_language(std::string_view tag) {
  bool first = true;
  for (const std::string_view word : text::split(tag, '-')) {
    const bool good = !word.empty() && word.size() <= 8 && std::all_of(word.begin(), word.end(), [&](char c) {
      const char low = text::to_ascii_lower(c);
      return (low >= 'a' && low <= 'z') || (!first && c >= '0' && c <= '9');
    });
    if (!good || (first && word.size() < 2 && word != "i" && word != "x")) return false;
    first = false;
  }
  return true;
}

// "2002-10-02T15:00:00Z": RFC 3339 wants all of it.
bool is_rfc3339(std::string_view raw) {
  if (raw.size() < 20 || raw[4] != '-' || raw[7] != '-' || raw[10] != 'T' || raw[13] != ':' || raw[16] != ':') return false;
  return raw.back() == 'Z' || (raw[raw.size() - 3] == ':' && (raw[raw.size() - 6] == '+' || raw[raw.size() - 6] == '-'));
}

class Linter {
 public:
  Linter(const model::Document& document, Time now) : document_(document), now_(now) {}

  std::vector<Warning> run() {
    feed();
    for (const model::Entry& e : document_.entries) entry(e);
    return findings_.take();
  }

 private:
  bool is_atom() const { return document_.feed.format == "atom"; }
  bool is_rss() const { return document_.feed.format == "rss" || document_.feed.format == "rdf"; }

  void warn(const char* code, std::string message, std::uint32_t line = 0) { findings_.add(Severity::warning, code, std::move(message), line); }
  void note(const char* code, std::string message, std::uint32_t line = 0) { findings_.add(Severity::note, code, std::move(message), line); }

  void feed() {
    const model::Feed& f = document_.feed;
    if (f.title.value.empty()) warn("no-feed-title", "the feed has no title");
    if (is_rss() && f.link.empty()) warn("no-feed-link", "the channel has no link to its site");
    if (is_rss() && f.subtitle.value.empty()) warn("no-feed-description", "the channel has no description");
    if (is_atom() && f.id.empty()) warn("no-feed-id", "the feed has no id");
    if (is_atom() && f.updated.raw.empty()) warn("no-feed-updated", "the feed does not say when it was updated");
    if ((is_rss() || is_atom()) && f.self.empty()) note("no-self-link", "the feed has no link of rel \"self\" that says where it is");
    if (!f.language.empty() && !is_language(f.language)) warn("language", "'" + shown(f.language) + "' is no language tag");
    date(f.published, 0);
    date(f.updated, 0);
    if (document_.entries.empty()) note("no-entries", "the feed has no entries");
  }

  void entry(const model::Entry& e) {
    if (e.deleted) return;
    const std::uint32_t line = e.line;
    if (e.id.empty() && e.link.empty()) {
      warn("no-id", "an entry has neither an id nor a link: it can only be known by its text", line);
    } else if (e.id.empty()) {
      is_atom() ? warn("no-entry-id", "an entry has no id", line) : note("no-entry-id", "an entry has no guid: its link stands for it", line);
    } else if (!ids_.insert(e.id).second) {
      warn("duplicate-id", "an entry has the id of an earlier one: '" + shown(e.id) + "'", line);
    }
    const bool has_text = !e.summary.value.empty() || !e.content.empty();
    if (e.title.value.empty() && !has_text) warn("empty-entry", "an entry has neither a title nor text", line);
    if (is_atom() && e.title.value.empty()) warn("no-entry-title", "an entry has no title", line);
    if (is_atom() && e.updated.raw.empty()) warn("no-entry-updated", "an entry does not say when it was updated", line);
    if (is_atom() && e.authors.empty() && document_.feed.authors.empty() && e.source.empty()) {
      warn("no-author", "neither an entry nor the feed names an author", line);
    }
    if (e.published.raw.empty() && e.updated.raw.empty() && !is_atom()) note("no-entry-date", "an entry has no date", line);
    date(e.published, line);
    date(e.updated, line);
    if (!e.link.empty() && !is_web(e.link)) warn("link-scheme", "a link is none of the web: '" + shown(e.link) + "'", line);
    if (!e.language.empty() && !is_language(e.language)) warn("language", "'" + shown(e.language) + "' is no language tag", line);
    for (const model::Media& m : e.enclosures) {
      if (is_rss() && m.length < 0) warn("enclosure-length", "an enclosure does not say its length in bytes", line);
      if (is_rss() && m.type.empty()) warn("enclosure-type", "an enclosure does not say its media type", line);
    }
  }

  void date(const model::Date& d, std::uint32_t line) {
    if (d.raw.empty()) return;
    if (!d.time) {
      warn("date-not-understood", "a date was not understood: '" + shown(d.raw) + "'", line);
    } else if (*d.time > now_ + std::chrono::hours(24)) {
      warn("date-in-future", "a date lies in the future: '" + shown(d.raw) + "'", line);
    } else if (is_atom() && !is_rfc3339(d.raw)) {
      note("date-form", "a date is not written as Atom asks for (RFC 3339): '" + shown(d.raw) + "'", line);
    }
  }

  static bool is_web(std::string_view url) {
    return text::starts_with_ignoring_case(url, "http://") || text::starts_with_ignoring_case(url, "https://");
  }
  static std::string shown(std::string_view said) { return text::collapse_space(text::truncate_utf8(said, 80)); }

  const model::Document& document_;
  Time now_;
  Findings findings_;
  std::unordered_set<std::string_view> ids_;
};

}  // namespace

std::vector<Warning> lint(const model::Document& document, Time now) { return Linter(document, now).run(); }

void sort_by_line(std::vector<Warning>& warnings) {
  std::stable_sort(warnings.begin(), warnings.end(), [](const Warning& a, const Warning& b) { return a.line < b.line; });
}

}  // namespace tidings::cli
