#include "cli/explain_text.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "cli/source_table.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kLabel = 12;

std::string row(std::string_view label, std::string_view text, const Terminal& terminal) {
  return fmt::format("{}  {}\n", terminal.paint(fill(label, kLabel), Colour::bold), text);
}

std::string text_at(const json::object& in, std::string_view key) { return printable(json::string_at(in, key)); }

std::string joined(const json::object& in, std::string_view key) {
  std::string out;
  const auto* member = in.if_contains(key);
  if (member == nullptr || !member->is_array()) return out;
  for (const auto& word : member->as_array()) {
    if (word.is_string()) out += (out.empty() ? "" : ", ") + printable(word.get_string());
  }
  return out;
}

// "words: bus, road; names: Lindale; figures: 3"
std::string word_lists(const json::object& lists) {
  std::string out;
  for (const char* kind : {"words", "names", "figures"}) {
    const std::string list = joined(lists, kind);
    if (!list.empty()) out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", kind, list);
  }
  return out.empty() ? "nothing" : out;
}

std::string counted(double count, std::string_view what) {
  return fmt::format("{:.0f} {}{}", count, what, count == 1 ? "" : "s");
}

std::string named(const json::object& item) {
  return fmt::format("\"{}\" of {} ({})", text_at(item, "title"), text_at(item, "source"), text_at(item, "id"));
}

}  // namespace

std::string comparison_text(const json::object& how, const Terminal& terminal) {
  std::string out = row("relation", fmt::format("{}: {}", text_at(how, "relation"), text_at(how, "decided_by")), terminal);
  out += row("fingerprint", fmt::format("{:.0f} of 64 bits differ", json::number_at(how, "distance")), terminal);
  out += row("text", fmt::format("{:.0f} % of the shorter one is in the longer one, {:.0f} % of both is shared",
                                 100 * json::number_at(how, "containment"), 100 * json::number_at(how, "jaccard")), terminal);
  out += row("terms", fmt::format("{} shared, similarity {:.2f}", counted(json::number_at(how, "shared_terms"), "weighty word"), json::number_at(how, "terms")), terminal);
  const std::string changed = text_at(how, "changed");
  out += row("figures", fmt::format("{:.0f} the same, {}", json::number_at(how, "same_figures"), changed.empty() ? "none changed" : "changed: " + changed), terminal);
  if (how.contains("shared")) {
    out += row("shared", word_lists(json::object_at(how, "shared")), terminal);
    out += row("only first", word_lists(json::object_at(how, "only_first")), terminal);
    out += row("only second", word_lists(json::object_at(how, "only_second")), terminal);
  }
  if (text_at(how, "compared") == "headlines") out += row("compared", "by headlines: the outbox no longer has the texts", terminal);
  return out;
}

std::string explanation_text(const json::object& item, const Terminal& terminal) {
  const json::object& decided = json::object_at(item, "decided");
  std::string out = terminal.paint(text_at(item, "title"), Colour::bold) + "\n";
  out += row("item", fmt::format("{}, revision {:.0f}", text_at(item, "id"), json::number_at(item, "rev")), terminal);
  out += row("source", fmt::format("{}, counts for the outlet {}", text_at(item, "source"), text_at(item, "outlet")), terminal);
  const std::string url = text_at(item, "url");
  if (!url.empty()) out += row("page", url, terminal);
  const json::object& other = json::object_at(item, "of_item");
  const std::string of = text_at(item, "of");
  std::string verdict = text_at(item, "verdict");
  if (!of.empty()) verdict += of == text_at(item, "id") ? " of itself" : other.empty() ? " of " + of : " of " + named(other);
  out += row("verdict", verdict, terminal);
  out += row("decided by", text_at(decided, "words"), terminal);
  if (decided.contains("distance")) out += row("distance", fmt::format("{:.0f} of 64 bits of the fingerprints", json::number_at(decided, "distance")), terminal);
  if (decided.contains("similarity")) out += row("similarity", fmt::format("{:.0f} % of the shorter text is in the longer one", 100 * json::number_at(decided, "similarity")), terminal);
  const std::string changed = text_at(decided, "changed");
  if (!changed.empty()) out += row("changed", changed, terminal);
  const json::object& story = json::object_at(item, "story");
  const std::string size = json::bool_at(story, "live") ? fmt::format("{}, {}", counted(json::number_at(story, "size"), "item"),
                                                                counted(json::number_at(story, "outlets"), "independent outlet"))
                                                  : "closed";
  out += row("story", fmt::format("{}: {}", text_at(story, "id"), size), terminal);
  out += row("window", json::bool_at(item, "in_window") ? "it is in the window: copies of it will be recognised" : "it has left the window: copies of it count as new, but for its own source", terminal);
  const json::object& how = json::object_at(item, "comparison");
  if (!how.empty()) out += "\nThe two now, " + text_at(how, "compared") + " compared; first is what it is one of:\n" + comparison_text(how, terminal);
  return out;
}

std::string story_table(const json::object& answer, Time now, const Terminal& terminal) {
  Columns table({{"OUTLETS", false}, {"ITEMS", false}, {"FIRST", false}, {"LAST", false}, {"LANGUAGES", false}, {"STORY", false}, {"TITLE", true}});
  std::size_t shown = 0;
  if (const auto* list = answer.if_contains("stories"); list != nullptr && list->is_array()) {
    for (const auto& one : list->as_array()) {
      if (!one.is_object()) continue;
      const json::object& story = one.as_object();
      const std::string id = text_at(story, "id");
      ++shown;
      table.add({{fmt::format("{:.0f}", json::number_at(story, "outlets"))}, {fmt::format("{:.0f}", json::number_at(story, "size"))}, {time_at(story, "first_seen", now)},
                 {time_at(story, "last_seen", now)}, {joined(story, "languages")}, {id.substr(id.rfind(':') + 1), Colour::dim}, {text_at(story, "title"), Colour::bold}});
    }
  }
  return table.render(terminal) + fmt::format("{} of {:.0f} live stories\n", shown, json::number_at(answer, "live"));
}

std::string story_sheet(const json::object& story, Time now, const Terminal& terminal) {
  std::string out = terminal.paint(text_at(story, "title"), Colour::bold) + "\n";
  out += row("story", text_at(story, "id"), terminal);
  if (json::bool_at(story, "live")) {
    out += row("live", fmt::format("first {}, last {}", time_at(story, "first_seen", now), time_at(story, "last_seen", now)), terminal);
    out += row("told by", fmt::format("{}, {}", counted(json::number_at(story, "outlets"), "independent outlet"), counted(json::number_at(story, "size"), "item")), terminal);
  } else {
    out += row("live", "no, it is closed", terminal);
  }
  out += row("languages", joined(story, "languages"), terminal) + "\n";
  Columns table({{"SEEN", false}, {"VERDICT", false}, {"SOURCE", true}, {"OUTLET", true}, {"ITEM", false}, {"TITLE", true}});
  if (const auto* list = story.if_contains("items"); list != nullptr && list->is_array()) {
    for (const auto& one : list->as_array()) {
      if (!one.is_object()) continue;
      const json::object& item = one.as_object();
      const std::string id = text_at(item, "id");
      table.add({{time_at(item, "first_seen", now)}, {text_at(item, "verdict")}, {text_at(item, "source")}, {text_at(item, "outlet")},
                 {id.substr(id.rfind(':') + 1), Colour::dim}, {text_at(item, "title")}});
    }
  }
  return out + table.render(terminal);
}

}  // namespace tidings::cli
