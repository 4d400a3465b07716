#include "schedule/cache_headers.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"

namespace tidings::schedule {
namespace {

// More than 68 years is for ever (RFC 9111, 1.2.2).
constexpr std::int64_t kForever = 0x7FFFFFFF;

std::optional<std::int64_t> parse_number(std::string_view digits) {
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() ? std::min(value, kForever) : kForever;
}

std::optional<Seconds> parse_delta(std::string_view value) {
  const auto number = parse_number(text::trim(value));
  return number ? std::optional(Seconds(*number)) : std::nullopt;
}

std::string_view unquoted(std::string_view s) {
  if (s.size() >= 2 && s.front() == '"' && s.back() == '"') s = s.substr(1, s.size() - 2);
  return s;
}

// The first of several is taken (RFC 9111, 4.2.1).
void add_cache_control(CacheHeaders& headers, std::string_view value) {
  for (const std::string_view part : text::split(value, ',')) {
    const auto equals = part.find('=');
    const std::string_view name = text::trim(part.substr(0, equals));
    if (text::equal_ignoring_case(name, "no-cache") || text::equal_ignoring_case(name, "no-store")) {
      headers.no_cache = true;
    } else if (text::equal_ignoring_case(name, "max-age") && equals != std::string_view::npos && !headers.max_age) {
      headers.max_age = parse_delta(unquoted(text::trim(part.substr(equals + 1))));
    }
  }
}

int month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  const auto found = std::find_if(kMonths.begin(), kMonths.end(),
                                  [&](std::string_view m) { return text::equal_ignoring_case(m, name); });
  return found == kMonths.end() ? 0 : static_cast<int>(found - kMonths.begin()) + 1;
}

std::optional<Seconds> time_of_day(std::string_view s) {
  const auto parts = text::split(s, ':');
  if (parts.size() != 3) return std::nullopt;
  std::array<std::int64_t, 3> fields{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = parse_number(parts[i]);
    if (!number || parts[i].size() > 2) return std::nullopt;
    fields[i] = *number;
  }
  if (fields[0] > 23 || fields[1] > 59 || fields[2] > 60) return std::nullopt;
  return Seconds(fields[0] * 3600 + fields[1] * 60 + fields[2]);
}

std::optional<std::int64_t> full_year(std::string_view s) {
  auto year = parse_number(s);
  if (!year || s.size() > 4) return std::nullopt;
  if (s.size() == 2) *year += *year < 50 ? 2000 : 1900;
  return year;
}

}  // namespace

OptionalTime parse_http_date(std::string_view s) {
  std::array<std::string_view, 6> words{};
  std::size_t count = 0;
  while (!s.empty()) {
    const auto end = s.find_first_of(" ,-\t");
    const std::string_view word = s.substr(0, end);
    if (!word.empty()) {
      if (count == words.size()) return std::nullopt;
      words[count++] = word;
    }
    if (end == std::string_view::npos) break;
    s.remove_prefix(end + 1);
  }
  if (count < 5) return std::nullopt;
  // "Sun Nov 6 08:49:37 1994" against "Sun, 06 Nov 1994 08:49:37 GMT" and "Sunday, 06-Nov-94 08:49:37 GMT".
  const bool asctime = month_of(words[1]) != 0;
  if (count == 6 && words[5] != "GMT" && words[5] != "UTC") return std::nullopt;
  const int month = month_of(words[asctime ? 1 : 2]);
  const auto day = parse_number(words[asctime ? 2 : 1]);
  const auto clock = time_of_day(words[asctime ? 3 : 4]);
  const auto year = full_year(words[asctime ? 4 : 3]);
  if (month == 0 || !day || *day > 31 || !clock || !year) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + *clock;
}

void CacheHeaders::add(std::string_view name, std::string_view value) {
  value = text::trim(value);
  if (text::equal_ignoring_case(name, "cache-control")) {
    add_cache_control(*this, value);
  } else if (text::equal_ignoring_case(name, "age")) {
    age = parse_delta(value);
  } else if (text::equal_ignoring_case(name, "expires")) {
    expires = parse_http_date(value);
    expired = !expires;
  } else if (text::equal_ignoring_case(name, "date")) {
    date = parse_http_date(value);
  } else if (text::equal_ignoring_case(name, "retry-after")) {
    retry_after_delay = parse_delta(value);
    if (!retry_after_delay) retry_after_date = parse_http_date(value);
  }
}

std::optional<Seconds> CacheHeaders::fresh_for(Time now) const {
  if (no_cache) return std::nullopt;
  if (max_age) return std::max(Seconds(0), *max_age - age.value_or(Seconds(0)));
  if (expired) return Seconds(0);
  if (!expires) return std::nullopt;
  const auto left = std::chrono::ceil<Seconds>(*expires - date.value_or(now)) - age.value_or(Seconds(0));
  return std::clamp(left, Seconds(0), Seconds(kForever));
}

std::optional<Seconds> CacheHeaders::retry_after(Time now) const {
  if (retry_after_delay) return retry_after_delay;
  if (!retry_after_date) return std::nullopt;
  return std::max(Seconds(0), std::chrono::ceil<Seconds>(*retry_after_date - now));
}

}  // namespace tidings::schedule
