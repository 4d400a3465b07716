#include "publish/append_policy.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace tidings::publish {

std::string_view name_of(Finding finding) {
  switch (finding) {
    case Finding::clean: return "clean";
    case Finding::ahead: return "ahead";
    case Finding::tail_lost: return "tail lost";
    case Finding::reset: return "reset";
    case Finding::foreign: return "foreign";
  }
  return "";
}

Resync judge(StreamId remote, const Known& known, OnReset on_reset) {
  const StreamId none;
  if (remote == known.cursor.id) return {Finding::clean, known.cursor};
  const Position before = known.at_or_before.value_or(known.purged);

  // A row of ours. The last one that was purged is as good as one that is kept.
  if (remote == before.id && remote != none) {
    return {before.id > known.cursor.id ? Finding::ahead : Finding::tail_lost, before};
  }
  if (remote == known.floor && remote != none) return {Finding::clean, before};

  if (remote == none || remote < known.purged.id) {
    if (on_reset == OnReset::resume) return {Finding::reset, known.cursor, known.cursor.n};
    return {Finding::reset, known.purged, known.purged.n};
  }
  return {Finding::foreign, known.cursor.id < remote ? known.cursor : before};
}

Resync judge_taken(const Known& known, std::optional<Position> before, StreamId remote) {
  if (known.cursor.id < remote) return {Finding::foreign, known.cursor};
  return {Finding::foreign, before.value_or(known.purged)};
}

Remedy remedy_for(std::string_view error) {
  // Inside a script Redis says so of what an ACL denies, without a word of its own.
  if (error.starts_with("ERR The user executing the script")) return Remedy::stop;
  const std::string_view word = error.substr(0, error.find(' '));
  constexpr std::array kClaim = {"MISMATCH", "FENCED"};
  constexpr std::array kPasses = {"OOM", "LOADING", "BUSY", "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN"};
  constexpr std::array kStops = {"WRONGTYPE", "NOPERM", "CROSSSLOT"};
  const auto in = [word](const auto& list) { return std::find(list.begin(), list.end(), word) != list.end(); };
  if (in(kClaim)) return Remedy::claim;
  if (in(kPasses)) return Remedy::back_off;
  if (in(kStops)) return Remedy::stop;
  // READONLY, MASTERDOWN, NOSCRIPT, MOVED, ASK, NOAUTH and what we do not know.
  return Remedy::reconnect;
}

void AppendWindow::begin(StreamId remote, Position cursor) {
  flights_.clear();
  failed_ = false;
  remote_ = sent_remote_ = remote;
  cursor_ = sent_cursor_ = cursor;
}

void AppendWindow::sent(StreamId last_id, Position position) {
  assert(may_send());
  flights_.push_back({last_id, position});
  sent_remote_ = last_id;
  sent_cursor_ = position;
}

void AppendWindow::skipped(Position position) {
  (flights_.empty() ? cursor_ : flights_.back().position) = position;
  sent_cursor_ = position;
}

void AppendWindow::appended() {
  assert(!flights_.empty());
  if (!failed_) {
    remote_ = flights_.front().last_id;
    cursor_ = flights_.front().position;
  }
  flights_.pop_front();
}

void AppendWindow::failed() {
  assert(!flights_.empty());
  failed_ = true;
  flights_.pop_front();
}

}  // namespace tidings::publish
