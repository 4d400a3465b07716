#include "config/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace tidings::config {
namespace {

// The value without the place it was read from.
template <class T>
T placeless(T value) {
  value.origin.clear();
  return value;
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return placeless(x) == placeless(y); });
}

std::map<std::string_view, const model::Source*> by_id(const Config& config) {
  std::map<std::string_view, const model::Source*> out;
  for (const auto& source : config.sources) out.emplace(source->id, source.get());
  return out;
}

}  // namespace

bool Difference::empty() const {
  return added.empty() && removed.empty() && changed.empty() && !alerts && live.empty() && needs_restart.empty();
}

Difference diff(const Config& before, const Config& after) {
  Difference out;
  const auto old_sources = by_id(before);
  const auto new_sources = by_id(after);
  for (const auto& source : after.sources) {
    const auto old = old_sources.find(source->id);
    if (old == old_sources.end()) {
      out.added.push_back(source->id);
    } else if (placeless(*old->second) != placeless(*source)) {
      out.changed.push_back(source->id);
    }
  }
  for (const auto& source : before.sources) {
    if (!new_sources.contains(source->id)) out.removed.push_back(source->id);
  }
  out.alerts = !same(before.rules, after.rules) || !same(before.hooks, after.hooks);
  for (const auto& option : option_table()) {
    if (option.path() == "include" || option.get(before) == option.get(after)) continue;
    (option.is_live ? out.live : out.needs_restart).push_back(option.path());
  }
  return out;
}

std::string to_string(const Difference& difference) {
  std::vector<std::string> parts;
  const auto count = [&](const std::vector<std::string>& ids, std::string_view what) {
    if (!ids.empty()) parts.push_back(fmt::format("{} {} {}", ids.size(), ids.size() == 1 ? "source" : "sources", what));
  };
  count(difference.added, "added");
  count(difference.removed, "removed");
  count(difference.changed, "changed");
  if (difference.alerts) parts.emplace_back("rules or hooks changed");
  if (!difference.live.empty()) parts.push_back(fmt::format("{} set", fmt::join(difference.live, ", ")));
  if (!difference.needs_restart.empty()) parts.push_back(fmt::format("{} will change at the next restart", fmt::join(difference.needs_restart, ", ")));
  return parts.empty() ? "nothing changed" : fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace tidings::config
