#include "cli/why_sheet.h"

#include <fmt/format.h>

#include "cli/source_table.h"
#include "model/item_json.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kLabelColumns = 12;

std::string when(const json::object& from, std::string_view key, Time now) {
  const auto time = model::from_rfc3339(json::string_at(from, key));
  return time ? fmt::format("{} ({})", json::string_at(from, key), relative(*time, now)) : "never";
}

std::string seconds(double value) { return value < 120 ? fmt::format("{:.3g} s", value) : fmt::format("{:.3g} min", value / 60); }

// A figure for each hour, 0 to 9 by its share of the largest.
std::string hours(const json::object& from, std::string_view key) {
  const auto* member = from.if_contains(key);
  if (member == nullptr || !member->is_array()) return "";
  double largest = 0;
  for (const auto& hour : member->get_array()) largest = std::max(largest, hour.is_number() ? hour.to_number<double>() : 0);
  std::string out;
  for (const auto& hour : member->get_array()) {
    const double share = largest > 0 && hour.is_number() ? hour.to_number<double>() / largest : 0;
    out += static_cast<char>('0' + static_cast<int>(9 * share + 0.5));
  }
  return out;
}

std::string host_words(const json::object& host, Time now) {
  std::string words = fmt::format("{}: {:.3g} requests a second{}, {:.0f} under way", printable(json::string_at(host, "name")),
                                  json::number_at(host, "requests_per_second"), json::bool_at(host, "rate_limited") ? " (lowered: it said too many)" : "",
                                  json::number_at(host, "in_flight"));
  if (!json::string_at(host, "blocked_until").empty()) words += ", left alone by Retry-After until " + when(host, "blocked_until", now);
  if (!json::string_at(host, "waits_until").empty()) words += ", others wait for it";
  return words;
}

std::string polls_table(const json::array& polls, Time now, const Terminal& terminal) {
  Columns table({{"STARTED", false}, {"STATUS", false}, {"NEW", false}, {"TOOK", false}, {"WHY THEN", true}});
  for (const auto& each : polls) {
    if (!each.is_object()) continue;
    const json::object& poll = each.get_object();
    const auto started = model::from_rfc3339(json::string_at(poll, "started"));
    std::string why = printable(json::string_at(poll, "why"));
    if (const auto held = json::string_at(poll, "held"); !held.empty()) {
      why += fmt::format("; then held {} by: {}", seconds(json::number_at(poll, "late_seconds")), printable(held));
    }
    if (json::bool_at(poll, "gap")) why += "; found a gap";
    if (const auto trouble = json::string_at(poll, "trouble"); !trouble.empty()) why += "; failed: " + printable(trouble);
    const double status = json::number_at(poll, "status");
    table.add({{started ? relative(*started, now) : "-"},
               {status > 0 ? fmt::format("{:.0f}", status) : "-", status >= 400 || status == 0 ? Colour::red : Colour::none},
               {fmt::format("{:.0f}", json::number_at(poll, "new_items"))},
               {seconds(json::number_at(poll, "took_seconds"))},
               {std::move(why), Colour::dim}});
  }
  return table.render(terminal);
}

}  // namespace

std::string why_sheet(const json::object& answer, Time now, const Terminal& terminal) {
  std::string out;
  const auto line = [&](std::string_view label, const std::string& text) {
    out += fmt::format("{}  {}\n", terminal.paint(fill(label, kLabelColumns), Colour::bold), text);
  };
  line("source", fmt::format("{}, {}, {}", printable(json::string_at(answer, "id")), printable(json::string_at(answer, "state")),
                             printable(json::string_at(answer, "url"))));
  line("next poll", when(answer, "next_poll", now));
  line("because", printable(json::string_at(answer, "reason")));
  if (const auto error = json::string_at(answer, "last_error"); !error.empty()) line("last error", printable(error));
  const json::object& schedule = json::object_at(answer, "schedule");
  if (!schedule.empty()) {
    line("rate", fmt::format("{:.3g} items/h now: {:.3g} on the mean of the week, {:.3g} by a burst; watched {:.1f} weeks",
                             json::number_at(schedule, "items_per_hour"), json::number_at(schedule, "items_per_hour_base"),
                             json::number_at(schedule, "items_per_hour_burst"), json::number_at(schedule, "weeks_watched")));
    line("hours", fmt::format("Mon-Fri {}  Sat, Sun {}  (00 to 23 UTC, 9: the busiest)", hours(schedule, "hours_working_days_utc"),
                              hours(schedule, "hours_weekend_utc")));
    line("weighed by", fmt::format("kappa {:.3g}, weight {:.3g}, cost {:.3g}, push recall {:.2f}; {:.3g} requests a second in all",
                                   json::number_at(schedule, "kappa"), json::number_at(schedule, "weight"), json::number_at(schedule, "cost"),
                                   json::number_at(schedule, "push_recall"), json::number_at(schedule, "requests_per_second_in_all")));
    if (json::bool_at(schedule, "distrusts_validators")) line("validators", "not used: its answers 304 have hidden items");
  }
  if (const json::object& host = json::object_at(answer, "host"); !host.empty()) line("host", host_words(host, now));
  if (const json::object& host = json::object_at(schedule, "led_to"); !host.empty()) line("led to", host_words(host, now));
  if (const json::object& moved = json::object_at(schedule, "redirect_under_observation"); !moved.empty()) {
    line("moving", fmt::format("to {}, seen {:.0f} times since {}; believed after 3 sightings over 3 days", printable(json::string_at(moved, "to")),
                               json::number_at(moved, "sightings"), when(moved, "since", now)));
  }
  const json::object& fresh = json::object_at(answer, "freshness");
  if (const json::object& delay = json::object_at(fresh, "detect_delay_seconds"); !delay.empty()) {
    line("freshness", fmt::format("{:.0f} items: mean {}, 90 % within {}; attainable {}; {:.0f} late", json::number_at(delay, "count"),
                                  seconds(json::number_at(delay, "mean")), seconds(json::number_at(delay, "p90")),
                                  seconds(json::number_at(fresh, "attainable_mean_seconds")), json::number_at(fresh, "late")));
  }
  const auto* polls = answer.if_contains("last_polls");
  if (polls != nullptr && polls->is_array()) {
    out += polls->get_array().empty() ? "no poll of it is remembered since the start\n" : "\n" + polls_table(polls->get_array(), now, terminal);
  }
  return out;
}

}  // namespace tidings::cli
