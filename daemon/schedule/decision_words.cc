#include <fmt/format.h>

#include <string_view>

#include "schedule/source_schedule.h"

namespace tidings::schedule {
namespace {

std::string in_words(Millis time) {
  const double seconds = static_cast<double>(time.count()) / 1000;
  if (seconds < 120) return fmt::format("{:.3g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.3g} min", seconds / 60);
  return fmt::format("{:.3g} h", seconds / 3600);
}

std::string_view words_of(Limit limit) {
  switch (limit) {
    case Limit::none: break;
    case Limit::floor: return "the floor min_interval";
    case Limit::ceiling: return "the ceiling max_interval";
    case Limit::window: return "the size of the feed's window";
    case Limit::gap: return "a gap since the last poll";
    case Limit::cache: return "Cache-Control or Expires";
    case Limit::ttl: return "the feed's ttl";
    case Limit::update_period: return "the feed's sy:updatePeriod";
    case Limit::skip_hours: return "the feed's skipHours";
    case Limit::skip_days: return "the feed's skipDays";
  }
  return "";
}

std::string words_of(const Decision& d) {
  switch (d.rule) {
    case Rule::first: return kFirstPoll;
    case Rule::fixed: return fmt::format("interval fixed by config: {}", in_words(d.interval));
    case Rule::square_root:
      return fmt::format("square-root rule at {:.2g} items/h: {}", d.items_per_hour, in_words(d.interval));
    case Rule::retry_after: return fmt::format("HTTP {} with Retry-After: {}", d.status, in_words(d.interval));
    case Rule::rate_limited:
      return fmt::format("HTTP {} without Retry-After: backoff of {}", d.status, in_words(d.interval));
    case Rule::backoff:
      return fmt::format("backoff after {} failure{}: {}", d.failures, d.failures == 1 ? "" : "s", in_words(d.interval));
    case Rule::gone: return "HTTP 410 Gone: stopped";
  }
  return "";
}

}  // namespace

std::string to_words(const Decision& d) {
  std::string words = words_of(d);
  if (d.limit != Limit::none) words += fmt::format(", moved by {} to {}", words_of(d.limit), in_words(d.limit_interval));
  return words;
}

}  // namespace tidings::schedule
