#include "config/mistake.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

namespace tidings::config {

std::string to_string(const Mistake& mistake) {
  std::string out = mistake.file;
  if (mistake.line > 0) out += fmt::format(":{}:{}", mistake.line, mistake.column);
  if (!out.empty()) out += ": ";
  out += mistake.message;
  if (!mistake.suggestion.empty()) out += fmt::format(" (did you mean '{}'?)", mistake.suggestion);
  return out;
}

void sort(std::vector<Mistake>& mistakes, const std::string& main_file) {
  const auto key = [&](const Mistake& m) { return std::tuple(m.file != main_file, std::string_view(m.file), m.line, m.column); };
  std::stable_sort(mistakes.begin(), mistakes.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

}  // namespace tidings::config
