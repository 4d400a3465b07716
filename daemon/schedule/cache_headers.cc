#include "schedule/cache_headers.h"

#include <algorithm>
#include <charconv>

#include "base/date.h"
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

// A date and not a bare number, which feeds write for other things: "0" and "-1" stand for "expired".
OptionalTime parse_http_date(std::string_view value) {
  return value.find(':') == std::string_view::npos ? std::nullopt : parse_date(value);
}

}  // namespace

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
