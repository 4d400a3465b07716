#include "ingest/repeats.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace tidings::ingest {
namespace {

constexpr char kVersion = 1;
using Record = std::array<std::int64_t, 4>;  // told, clean, entries, last
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

std::string Repeats::save() const {
  if (std::ranges::none_of(events_, [](const Event& event) { return event.last.has_value(); })) return {};
  std::string bytes(1, kVersion);
  for (const Event& event : events_) {
    const Record record = {event.told, event.clean, static_cast<std::int64_t>(event.entries), event.last ? to_micros(*event.last) : 0};
    bytes.append(reinterpret_cast<const char*>(record.data()), sizeof record);
  }
  return bytes;
}

bool Repeats::load(std::string_view bytes) {
  if (bytes.size() != 1 + events_.size() * sizeof(Record) || bytes.front() != kVersion) return false;
  bytes.remove_prefix(1);
  for (Event& event : events_) {
    Record record;
    std::memcpy(record.data(), bytes.data(), sizeof record);
    bytes.remove_prefix(sizeof record);
    event = {record[0] != 0, record[1] != 0, static_cast<std::size_t>(record[2]), {}};
    if (record[3] != 0) event.last = from_micros(record[3]);
  }
  return true;
}

}  // namespace tidings::ingest
