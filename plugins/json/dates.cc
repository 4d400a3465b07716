#include "json/dates.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "base/date.h"
#include "base/text.h"
#include "sdk/values.h"

namespace tidings::json_feed {
namespace {

// 1 January of the years 1000 and 10000, the bounds of parse_date().
constexpr double kFirst = -30'610'224'000e6;
constexpr double kLast = 253'402'300'800e6;

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

bool is_calendar(std::string_view digits) {
  if (digits.size() != 8 && digits.size() != 14) return false;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
  }
  return digits.starts_with("19") || digits.starts_with("20");
}

double micros_of(double number, NumberUnit unit) {
  const double size = std::abs(number);
  switch (unit) {
    case NumberUnit::seconds: return number * 1e6;
    case NumberUnit::milliseconds: return number * 1e3;
    case NumberUnit::microseconds: return number;
    case NumberUnit::automatic: break;
  }
  return size < 1e11 ? number * 1e6 : size < 1e14 ? number * 1e3 : size < 1e17 ? number : number / 1e3;
}

// "/Date(1700000000000+0100)/": milliseconds; the zone is for show.
std::optional<double> net_date(std::string_view text) {
  constexpr std::string_view kOpen = "/Date(";
  if (!text.starts_with(kOpen) || !text.ends_with(")/")) return std::nullopt;
  std::string_view inside = text.substr(kOpen.size(), text.size() - kOpen.size() - 2);
  if (const auto zone = inside.find_last_of("+-"); zone != std::string_view::npos && zone > 0) inside = inside.substr(0, zone);
  const auto millis = number_in(inside);
  return millis ? std::optional(*millis * 1e3) : std::nullopt;
}

OptionalTime instant(std::string_view text, NumberUnit unit) {
  std::optional<double> micros = net_date(text);
  if (!micros) {
    const auto number = number_in(text);
    // Figures in quotes are what the same figures without them are, unless a calendar date is meant.
    if (!number || (unit == NumberUnit::automatic && (is_calendar(text) || text.size() < 9))) return parse_date(text);
    micros = micros_of(*number, unit);
  }
  if (*micros < kFirst || *micros >= kLast) return {};
  return from_micros(std::llround(*micros));
}

}  // namespace

tidings_date read_date(const Field& field, NumberUnit unit, simdjson::dom::element item, Made& made) {
  const std::string_view text = text::trim(field.text(item, made));
  if (text.empty()) return {{nullptr, 0}, TIDINGS_UNKNOWN_TIME};
  const OptionalTime time = instant(text, unit);
  return {sdk::str(text), time ? to_micros(*time) : TIDINGS_UNKNOWN_TIME};
}

}  // namespace tidings::json_feed
