#include "config/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace tidings::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<Unit, 6> kDurations{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};
constexpr std::array<Unit, 8> kSizes{
    {{"TiB", std::int64_t{1} << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1'000'000'000}, {"MB", 1'000'000}, {"kB", 1'000}, {"B", 1}}};

// The whole number at the front of text, which is then taken off.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::int64_t> times(std::int64_t number, std::int64_t factor) {
  if (number > std::numeric_limits<std::int64_t>::max() / factor) return std::nullopt;
  return number * factor;
}

}  // namespace

std::optional<Micros> parse_duration(std::string_view text) {
  std::int64_t sum = 0;
  std::size_t next = 0;  // the largest unit that may still come
  do {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    const auto unit_end = text.find_first_of("0123456789");
    const auto name = text.substr(0, unit_end);
    while (next < kDurations.size() && kDurations[next].name != name) ++next;
    if (next == kDurations.size()) return std::nullopt;
    const auto part = times(*number, kDurations[next++].factor);
    if (!part || *part > std::numeric_limits<std::int64_t>::max() - sum) return std::nullopt;
    sum += *part;
    text.remove_prefix(name.size());
  } while (!text.empty());
  return Micros(sum);
}

std::string format_duration(Micros duration) {
  std::int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string out;
  for (const auto& unit : kDurations) {
    if (left >= unit.factor) out += fmt::format("{}{}", left / unit.factor, unit.name);
    left %= unit.factor;
  }
  return out;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto number = take_number(text);
  if (!number) return std::nullopt;
  for (const auto& unit : kSizes) {
    if (unit.name == text) return times(*number, unit.factor);
  }
  return std::nullopt;
}

std::string format_size(std::int64_t bytes) {
  for (const auto& unit : kSizes) {
    if (bytes != 0 && bytes % unit.factor == 0) return fmt::format("{}{}", bytes / unit.factor, unit.name);
  }
  return fmt::format("{}B", bytes);
}

}  // namespace tidings::config
