#include "cli/tail_line.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace tidings::cli {
namespace {

constexpr std::size_t kRemembered = 10'000;
constexpr std::size_t kSourceColumns = 18;
constexpr std::size_t kVerdictColumns = 26;
constexpr std::size_t kStoryColumns = 6;
constexpr std::size_t kMinTitle = 20;

std::pair<std::uint64_t, std::uint64_t> parts_of(std::string_view id) {
  std::uint64_t ms = 0;
  std::uint64_t seq = 0;
  const char* end = id.data() + id.size();
  const auto [next, error] = std::from_chars(id.data(), end, ms);
  if (error == std::errc() && next != end && *next == '-') std::from_chars(next + 1, end, seq);
  return {ms, seq};
}

// Local time of day of an entry, from its ID.
std::string clock_of(const StreamEntry& entry) {
  const auto seconds = static_cast<std::time_t>(parts_of(entry.id).first / 1000);
  std::tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) return "--:--:--";
  return fmt::format("{:%H:%M:%S}", local);
}

std::string_view tail_of(std::string_view id) { return id.size() > kStoryColumns ? id.substr(id.size() - kStoryColumns) : id; }

Colour colour_of_event(std::string_view event) {
  if (event == "recovered" || event == "added") return Colour::green;
  return event == "failing" || event == "gone" ? Colour::red : Colour::yellow;
}

}  // namespace

std::string_view StreamEntry::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& one) { return one.first == name; });
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

bool comes_before(const StreamEntry& a, const StreamEntry& b) { return parts_of(a.id) < parts_of(b.id); }

std::string as_json_line(const StreamEntry& entry) {
  json::object out{{"stream", entry.stream}, {"entry", entry.id}};
  for (const auto& [name, value] : entry.fields) {
    if (name == "data") {
      if (auto data = json::parse(value)) {
        out[name] = std::move(*data);
        continue;
      }
    }
    out[name] = value;
  }
  return json::serialize(out);
}

std::string TailLines::subject(std::string_view item_id) const {
  const auto known = source_of_.find(std::string(item_id));
  return known == source_of_.end() ? std::string(tail_of(item_id)) : known->second;
}

TailLines::Verdict TailLines::verdict(const StreamEntry& entry) const {
  if (entry.stream == "alerts") return {fmt::format("ALERT {}", entry.field("rule")), Colour::magenta};
  if (entry.stream == "sources") return {std::string(entry.field("event")), colour_of_event(entry.field("event"))};
  if (entry.stream == "stories") return {fmt::format("story {}", entry.field("event")), Colour::blue};
  const auto kind = entry.field("verdict");
  if (kind == "duplicate") return {fmt::format("duplicate of {}", subject(entry.field("of"))), Colour::dim};
  if (kind == "update") {
    const auto of = entry.field("of");
    return {of.empty() || of == entry.field("id") ? "update" : fmt::format("update of {}", subject(of)), Colour::yellow};
  }
  if (entry.field("backfill") == "true") return {"backfill", Colour::dim};
  return {std::string(kind), Colour::green};
}

void TailLines::remember(const StreamEntry& entry) {
  const auto id = entry.field("id");
  if (id.empty() || entry.field("source").empty() || entry.stream == "alerts") return;
  if (!source_of_.insert_or_assign(std::string(id), printable(entry.field("source"))).second) return;
  shown_.emplace_back(id);
  if (shown_.size() <= kRemembered) return;
  source_of_.erase(shown_.front());
  shown_.pop_front();
}

std::string TailLines::line(const StreamEntry& entry) {
  const Verdict told = verdict(entry);
  remember(entry);
  std::string headline = printable(entry.field("title"));
  if (entry.stream == "sources") headline = printable(entry.field("detail"));
  if (terminal_.width > 0) {
    const std::size_t used = 8 + kSourceColumns + kVerdictColumns + kStoryColumns + 8;
    headline = cut(headline, terminal_.width > used + kMinTitle ? terminal_.width - used : kMinTitle);
  }
  const bool is_dim = told.colour == Colour::dim;
  return fmt::format("{}  {}  {}  {}  {}", terminal_.paint(clock_of(entry), Colour::dim),
                     terminal_.paint(fill(printable(entry.field("source")), kSourceColumns), Colour::cyan),
                     terminal_.paint(fill(printable(told.text), kVerdictColumns), told.colour),
                     terminal_.paint(fill(printable(tail_of(entry.field("story"))), kStoryColumns), Colour::dim),
                     terminal_.paint(headline, is_dim ? Colour::dim : Colour::none));
}

}  // namespace tidings::cli
