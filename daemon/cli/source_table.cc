#include "cli/source_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "model/item_json.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kLabelColumns = 14;

Colour colour_of(std::string_view state) {
  if (state == "failing" || state == "gone") return Colour::red;
  if (state == "ok" || state == "polling") return Colour::green;
  return Colour::dim;
}

int rank_of(std::string_view state) { return state == "failing" ? 0 : state == "gone" ? 1 : 2; }

std::string number_at(const json::object& source, std::string_view key) {
  const auto* member = source.if_contains(key);
  return member != nullptr && member->is_number() ? json::serialize(*member) : "";
}

// The mean delay of its items; empty where none is known.
std::string delay_of(const json::object& source) {
  const auto* fresh = source.if_contains("freshness");
  const auto* mean = fresh != nullptr && fresh->is_object() ? fresh->get_object().if_contains("attained_mean_seconds") : nullptr;
  if (mean == nullptr || !mean->is_number()) return "";
  const double seconds = mean->to_number<double>();
  return seconds < 120 ? fmt::format("{:.0f}s", seconds) : seconds < 7200 ? fmt::format("{:.0f}m", seconds / 60) : fmt::format("{:.0f}h", seconds / 3600);
}

std::vector<const json::object*> channels_of(const json::object& source) {
  std::vector<const json::object*> channels;
  const auto* push = source.if_contains("push");
  if (push == nullptr || !push->is_array()) return channels;
  for (const auto& channel : push->get_array()) {
    if (channel.is_object()) channels.push_back(&channel.get_object());
  }
  return channels;
}

// "WebSub active, lease ends in 9d, recall 97 %"
std::string brief(const json::object& channel, Time now) {
  const auto state = json::string_at(channel, "state");
  std::string out = printable(json::string_at(channel, "kind")) + " " + printable(state);
  if (const auto end = model::from_rfc3339(json::string_at(channel, "lease_end")); end && state == "active") out += ", lease ends " + relative(*end, now);
  const auto* recall = channel.if_contains("recall");
  if (recall != nullptr && recall->is_number() && state == "active") out += fmt::format(", recall {:.0f} %", 100 * recall->to_number<double>());
  return out;
}

std::string in_full(const json::object& channel, Time now) {
  std::string out = brief(channel, now) + ", " + printable(json::string_at(channel, "hub"));
  for (const char* name : {"pings", "events", "bad_signatures"}) {
    if (const auto count = number_at(channel, name); !count.empty() && count != "0") out += fmt::format(", {} {}", count, printable(name));
  }
  if (const auto error = json::string_at(channel, "last_error"); !error.empty()) out += ": " + printable(error);
  return out;
}

}  // namespace

std::string time_at(const json::object& object, std::string_view key, Time now) {
  const auto time = model::from_rfc3339(json::string_at(object, key));
  return time ? relative(*time, now) : "-";
}

std::string relative(Time time, Time now) {
  const bool is_past = time < now;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(is_past ? now - time : time - now).count();
  if (seconds == 0) return "now";
  const std::string span = seconds < 60      ? fmt::format("{}s", seconds)
                           : seconds < 3600  ? fmt::format("{}m", seconds / 60)
                           : seconds < 86400 ? fmt::format("{}h", seconds / 3600)
                                             : fmt::format("{}d", seconds / 86400);
  return is_past ? span + " ago" : "in " + span;
}

std::string source_table(const json::array& sources, Time now, const Terminal& terminal) {
  std::vector<const json::object*> rows;
  for (const auto& source : sources) {
    if (source.is_object()) rows.push_back(&source.as_object());
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return rank_of(json::string_at(*a, "state")) < rank_of(json::string_at(*b, "state"));
  });
  const bool has_errors = std::any_of(rows.begin(), rows.end(), [](const auto* row) { return !json::string_at(*row, "last_error").empty(); });
  const bool has_delays = std::any_of(rows.begin(), rows.end(), [](const auto* row) { return !delay_of(*row).empty(); });
  std::vector<Columns::Heading> headings = {{"SOURCE", true}, {"STATE", false}, {"ITEMS", false}, {"UPDATES", false}, {"DUPLICATES", false}};
  if (has_delays) headings.push_back({"DELAY", false});
  headings.insert(headings.end(), {{"LAST", false}, {"NEXT", false}, {"WHY THEN", true}});
  const bool has_push = std::any_of(rows.begin(), rows.end(), [](const auto* row) { return !channels_of(*row).empty(); });
  if (has_push) headings.push_back({"PUSH", true});
  if (has_errors) headings.push_back({"LAST ERROR", true});
  Columns table(std::move(headings));
  std::size_t in_trouble = 0;
  for (const auto* source : rows) {
    const auto state = json::string_at(*source, "state");
    if (rank_of(state) < 2) ++in_trouble;
    std::vector<Columns::Cell> row = {{printable(json::string_at(*source, "id")), Colour::bold},
                                      {printable(state), colour_of(state)},
                                      {number_at(*source, "items")},
                                      {number_at(*source, "updates")},
                                      {number_at(*source, "duplicates")}};
    if (has_delays) row.push_back({delay_of(*source)});
    row.push_back({time_at(*source, "last_poll", now)});
    row.push_back({time_at(*source, "next_poll", now)});
    row.push_back({printable(json::string_at(*source, "reason")), Colour::dim});
    if (has_push) {
      std::string told;
      for (const auto* channel : channels_of(*source)) told += (told.empty() ? "" : "; ") + brief(*channel, now);
      row.push_back({told});
    }
    if (has_errors) row.push_back({printable(json::string_at(*source, "last_error")), Colour::red});
    table.add(std::move(row));
  }
  return table.render(terminal) + fmt::format("{} source{}, {} in trouble\n", rows.size(), rows.size() == 1 ? "" : "s", in_trouble);
}

std::string source_sheet(const json::object& source, Time now, const Terminal& terminal) {
  std::string out;
  for (const auto& [name, value] : source) {
    if (name == "push") {
      for (const auto* channel : channels_of(source)) out += fmt::format("{}  {}\n", terminal.paint(fill("push", kLabelColumns), Colour::bold), in_full(*channel, now));
      continue;
    }
    std::string text = value.is_string() ? printable(value.get_string()) : value.is_null() ? "-" : json::serialize(value);
    if (value.is_string()) {
      if (const auto time = model::from_rfc3339(value.get_string())) text += fmt::format(" ({})", relative(*time, now));
    }
    std::string label(name);
    std::replace(label.begin(), label.end(), '_', ' ');
    out += fmt::format("{}  {}\n", terminal.paint(fill(label, kLabelColumns), Colour::bold), text);
  }
  return out;
}

}  // namespace tidings::cli
