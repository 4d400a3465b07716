#include <charconv>

#include "base/text.h"
#include "feed/head.h"

namespace tidings::feed {
namespace {

std::int64_t integer(std::string_view s, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  return error == std::errc() ? value : otherwise;
}

double seconds_of_period(std::string_view period) {
  const auto is = [&](std::string_view word) { return text::equal_ignoring_case(period, word); };
  if (is("hourly")) return 3600;
  if (is("daily")) return 86'400;
  if (is("weekly")) return 7 * 86'400;
  if (is("monthly")) return 30 * 86'400;
  if (is("yearly")) return 365 * 86'400;
  return -1;
}

template <class Read>
void each_child(const Reading& r, const Node& n, Name name, Read read) {
  for (const Node* c = r.tree().child(n); c; c = r.tree().next(*c)) {
    if (c->kind == Node::Kind::element && c->name == name) read(r.text(*c));
  }
}

}  // namespace

bool read_hint(const Reading& r, const Node& n, Head& to) {
  switch (n.key()) {
    case core(Name::ttl): {
      const std::int64_t minutes = integer(r.text(n), -1);
      if (minutes > 0 && minutes < 10'000'000) to.ttl_minutes = minutes;
      return true;
    }
    case key(Ns::sy, Name::updateperiod): to.update_period_seconds = seconds_of_period(r.text(n)); return true;
    case key(Ns::sy, Name::updatefrequency): {
      const std::int64_t times = integer(r.text(n), 1);
      if (times > 0) to.update_frequency = static_cast<double>(times);
      return true;
    }
    case core(Name::skiphours):
      each_child(r, n, Name::hour, [&](std::string_view said) {
        const std::int64_t hour = integer(said, -1);
        if (hour >= 0 && hour <= 24) to.skip_hours |= 1U << (hour % 24);  // 24 is midnight in RSS 0.91
      });
      return true;
    case core(Name::skipdays):
      each_child(r, n, Name::day, [&](std::string_view said) {
        constexpr std::string_view kDays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
        for (std::uint32_t day = 0; day < 7; ++day) {
          if (text::starts_with_ignoring_case(said, kDays[day])) to.skip_days |= 1U << day;
        }
      });
      return true;
    default: return false;
  }
}

}  // namespace tidings::feed
