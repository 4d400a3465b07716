#include "ingest/repeats.h"

#include <algorithm>

namespace tidings::ingest {
namespace {

constexpr std::chrono::hours kQuiet(1);
// So many in one document, or all of a shorter one, and half of it: a few come back whenever an editor takes one out.
constexpr std::size_t kAtOnce = 3;
// So many in all, where only a part of each document repeats.
constexpr std::size_t kInAll = 10;

}  // namespace

std::string_view name_of(Repeats::Kind kind) { return kind == Repeats::Kind::rekeyed ? "rekeyed" : "backfill"; }

std::optional<Repeats::Kind> Repeats::see(const Repeated& document, std::size_t entries, Time now) {
  const std::size_t all = document.all();
  const Kind kind = 2 * document.rekeyed >= all ? Kind::rekeyed : Kind::backfill;
  for (Event& event : events_) {
    if (all == 0 || &event != &events_[static_cast<std::size_t>(kind)]) event.clean = true;
  }
  if (all == 0) return std::nullopt;
  Event& event = events_[static_cast<std::size_t>(kind)];
  if (event.clean && event.last && now - *event.last > kQuiet) event = Event();
  event.clean = false;
  event.last = now;
  event.entries += document.rekeyed + document.old + document.aged;
  // A single known entry under its own id is what a push and a poll both bring.
  const std::size_t at_once = document.rekeyed > 0 ? std::min(kAtOnce, entries) : kAtOnce;
  const bool most = all >= at_once && 2 * all >= entries;
  if (event.told || !(most || event.entries >= kInAll)) return std::nullopt;
  event.told = true;
  return kind;
}

}  // namespace tidings::ingest
