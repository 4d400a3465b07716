#include "ingest/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ingest/source_events.h"
#include "ingest/stream_fields.h"
#include "model/item_json.h"

namespace tidings::ingest {
namespace {

// Entries that stay known of a source whose answers are deltas.
constexpr std::size_t kMaxSeenOfDeltas = 500;

std::string gap_words(const schedule::Gap& gap, std::size_t pages) {
  const auto time = [](const OptionalTime& t) { return t ? model::to_rfc3339(*t) : std::string("an unknown time"); };
  return fmt::format("no entry of the last document is in this one{}: what came between {} and {} was not seen",
                     pages > 1 ? fmt::format(" or the {} pages behind it", pages - 1) : "", time(gap.after), time(gap.before));
}

Histogram& stage_histogram(Metrics& metrics, const char* stage) {
  return metrics.histogram("tidings_stage_seconds", "Time that the stages of a poll take", fmt::format("stage=\"{}\"", stage));
}

}  // namespace

Intake::Intake(Rooms rooms, const Options& options)
    : rooms_(std::move(rooms)),
      late_after_(std::chrono::duration<double>(options.late_after).count()),
      unchanged_(rooms_.metrics.counter("tidings_entries_unchanged_total", "Entries known already, with the same content")),
      rekeyed_(rooms_.metrics.counter("tidings_entries_rekeyed_total", "Entries shown before that came under a new id")),
      fresh_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"new\"")),
      updates_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"update\"")),
      duplicates_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"duplicate\"")),
      gaps_(rooms_.metrics.counter("tidings_gaps_total", "Polls that shared no entry with the one before")),
      gaps_closed_(rooms_.metrics.counter("tidings_gaps_closed_total", "Gaps that the pages behind the document closed (RFC 5005)")),
      detect_delay_(rooms_.metrics.histogram("tidings_detect_delay_seconds", "From the stated date of a new item to its commit")),
      attainable_(rooms_.metrics.histogram("tidings_attainable_delay_seconds",
                                           "The same, had the items been asked for as soon as the origin's wishes allowed")),
      late_(rooms_.metrics.counter("tidings_items_late_total", "New items that came later than they could have by more than late_after")),
      fetch_seconds_(stage_histogram(rooms_.metrics, "fetch")),
      parse_seconds_(stage_histogram(rooms_.metrics, "parse")),
      decide_seconds_(stage_histogram(rooms_.metrics, "decide")),
      commit_seconds_(stage_histogram(rooms_.metrics, "commit")),
      route_seconds_(rooms_.metrics.histogram("tidings_route_seconds", "From the response to the commit of its items")) {}

Task<bool> Intake::take(Source& source, Trip& trip, Extracted extracted) {
  const Time started = system_now();
  trip.read_any = true;
  // A page that is cut short still closes a gap or not by what it holds.
  trip.partial = trip.partial || (extracted.partial && !trip.paging);
  trip.seen.add(extracted.seen);
  trip.older = extracted.feed.next_archive;
  if (!trip.paging) {
    if (!trip.delta) trip.poll.window_entries += static_cast<std::uint32_t>(extracted.seen.size());
    trip.poll.ttl_minutes = extracted.feed.ttl_minutes;
    trip.poll.update_period_seconds = extracted.feed.update_period_seconds;
    trip.poll.skip_hours = extracted.feed.skip_hours;
    trip.poll.skip_days = extracted.feed.skip_days;
  }
  if (!extracted.feed.title.value.empty()) source.state.title = extracted.feed.title.value;
  for (const auto& warning : extracted.warnings) {
    rooms_.log.debug("{}: line {}: {}", source.config.id, warning.line, warning.message);
  }
  if (extracted.partial) {
    rooms_.metrics.counter("tidings_documents_partial_total", "Documents that were cut short").add();
    rooms_.log.warning("{}: the document was cut short; its whole entries are kept", source.config.id);
  }

  std::vector<std::string> ids;
  ids.reserve(extracted.candidates.size());
  for (const auto& candidate : extracted.candidates) ids.push_back(candidate.item.id);
  auto found = co_await rooms_.store.find(std::move(ids));
  if (!found) {
    trip.poll.error = found.error().code();
    trip.trouble = found.error().message();
    co_return false;
  }

  store::Batch& batch = trip.batch;
  const Time now = system_now();
  unchanged_.add(extracted.seen.size() - extracted.candidates.size());
  for (std::size_t i = 0; i < extracted.candidates.size(); ++i) {
    model::Item& item = extracted.candidates[i].item;
    const dedup::Features& features = extracted.candidates[i].features;
    const auto& stored = (*found)[i];
    std::optional<dedup::Known> known;
    if (const auto taken = trip.taken.find(item.id); taken != trip.taken.end()) {
      known = taken->second;
    } else if (stored) {
      known = dedup::Known{stored->rev, stored->content_hash, stored->first_seen, stored->story};
    }
    item.first_seen = known ? known->first_seen : now;
    dedup::Decision decision = rooms_.dedup.decide(item, features, known, now);
    trip.overlaps = trip.overlaps || stored || decision.unchanged || decision.rekeyed;
    if (decision.unchanged) {
      batch.seen_again.push_back(item.id);
      unchanged_.add();
      continue;
    }
    for (const auto& event : decision.events) batch.outbox.push_back({"stories", event.story, stream_fields(event)});
    if (decision.rekeyed) {
      batch.seen_again.push_back(decision.shown_as);
      rekeyed_.add();
      trip.rekeyed = true;
      continue;
    }
    const model::Verdict& verdict = decision.verdict;
    const bool duplicate = verdict.kind == model::VerdictKind::duplicate;
    trip.taken[item.id] = {verdict.rev, features.content_hash, item.first_seen, verdict.story};
    batch.items.push_back({item.id, item.source_id, verdict.rev, features.content_hash, item.first_seen, verdict.story,
                           verdict.kind, verdict.of, std::move(decision.memory)});
    batch.outbox.push_back({duplicate ? "duplicates" : "items", item.id, stream_fields(item, verdict)});
    if (!duplicate) rooms_.on_item(item, verdict, batch);
    switch (verdict.kind) {
      case model::VerdictKind::fresh:
        fresh_.add();
        ++source.state.items;
        if (item.published && !trip.poll.first) trip.fresh.push_back(*item.published);
        break;
      case model::VerdictKind::update: updates_.add(), ++source.state.updates; break;
      case model::VerdictKind::duplicate: duplicates_.add(), ++source.state.duplicates; break;
    }
    if (!known) {
      ++trip.poll.new_items;
      if (item.published) trip.poll.published.push_back(*item.published);
    }
  }

  if (extracted.cursor) source.state.cursor = *extracted.cursor;
  const double took = seconds_since(started);
  route_seconds_.observe(took);
  trip.decide += took;
  // Batches are handed over in the order of their verdicts: were a copy that another poll takes meanwhile committed first,
  // a crash in between would leave a duplicate of an item that was never published.
  if (trip.requests.size() > 1 && !batch.items.empty()) {
    co_await commit(source, trip);
  }
  co_return true;
}

std::optional<schedule::Gap> Intake::gap_of(const Source& source, const Trip& trip) {
  if (trip.poll.first || trip.overlaps || trip.rekeyed || trip.poll.new_items == 0) return std::nullopt;
  return schedule::find_gap(source.seen.keys(), trip.seen.keys(), trip.partial || !trip.trouble.empty());
}

void Intake::note_seen(Source& source, Trip& trip) {
  if (!trip.read_any) return;
  const bool partial = trip.partial || !trip.trouble.empty();
  if (const auto gap = gap_of(source, trip)) {
    trip.poll.gap = true;
    gaps_.add();
    SourceEvent event{"gap", source.config.id, source.url(), gap_words(*gap, trip.requests.size()), system_now()};
    event.after = gap->after;
    event.before = gap->before;
    rooms_.log.warning("{}: {}", source.config.id, event.detail);
    trip.batch.outbox.push_back({"sources", source.config.id, stream_fields(event)});
  } else if (trip.paging && trip.requests.size() > 1) {
    // The pages behind the document closed it; without them items would have been lost.
    trip.poll.gap = true;
    gaps_closed_.add();
    rooms_.log.info("{}: no entry of the last document is in this one; {} older page{} closed the gap", source.config.id,
                    trip.requests.size() - 1, trip.requests.size() == 2 ? "" : "s");
  }
  if (trip.rekeyed && !std::exchange(source.rekeyed, true)) {
    const std::string detail = "gives entries new ids that it has shown before: they are known by their URL or text and not published again";
    rooms_.log.info("{}: {}", source.config.id, detail);
    tell(trip.batch, source, "rekeyed", detail);
  }
  if (trip.delta) {
    trip.seen.add(source.seen);
    trip.seen.keep_first(kMaxSeenOfDeltas);
  }
  // A document that was cut short says nothing of the entries that it lacks: they stay known.
  if (!partial || trip.seen.size() > source.seen.size()) source.seen = std::move(trip.seen);
}

Task<> Intake::commit(Source& source, Trip& trip) {
  store::Batch batch = std::exchange(trip.batch, store::Batch());
  const Time handed_over = system_now();
  const auto committed = co_await rooms_.store.commit(std::move(batch));
  trip.commit += seconds_since(handed_over);
  if (committed) {
    note_freshness(source, trip);
    co_return;
  }
  const Errc why = committed.error().code();
  // A stop ended the wait: what was not stored, its validators with it, comes again at the next start.
  if (why != Errc::cancelled && why != Errc::unavailable) {
    rooms_.log.error("{}: {}", source.config.id, committed.error().message());
    // Verdicts were given that the store does not know: to go on would lose these items.
    rooms_.fatal(committed.error());
  }
}

// Attained against attainable: nothing can be had before the origin shows it and its wishes allow to ask, and the way from
// there takes its time.
void Intake::note_freshness(Source& source, Trip& trip) {
  if (trip.fresh.empty()) return;
  if (!source.figures) source.figures = std::make_unique<Figures>();
  const double route = seconds_since(trip.started);
  for (const Time published : std::exchange(trip.fresh, {})) {
    const double attained = seconds_since(published);
    const double waited = std::max(0.0, std::chrono::duration<double>(trip.allowed_from - published).count());
    const double attainable = std::min(attained, waited + route);
    detect_delay_.observe(attained);
    attainable_.observe(attainable);
    source.figures->detect.add(attained);
    source.figures->attainable_sum += attainable;
    if (attained - attainable <= late_after_) continue;
    late_.add();
    ++source.figures->late;
  }
}

void Intake::note_stages(Source& source, const Trip& trip) {
  fetch_seconds_.observe(trip.fetch);
  if (!trip.read_any) return;
  parse_seconds_.observe(trip.parse);
  decide_seconds_.observe(trip.decide);
  commit_seconds_.observe(trip.commit);
  if (!source.figures) return;
  source.figures->fetch.add(trip.fetch);
  source.figures->parse.add(trip.parse);
  source.figures->decide.add(trip.decide);
  source.figures->commit.add(trip.commit);
}

}  // namespace tidings::ingest
