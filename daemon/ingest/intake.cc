#include "ingest/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "dedup/recall.h"
#include "ingest/source_events.h"
#include "ingest/story_events.h"
#include "ingest/stream_fields.h"
#include "model/item_json.h"

namespace tidings::ingest {
namespace {

// For lists; what was published has all of it.
constexpr std::size_t kMaxTitleBytes = 300;
// Entries that stay known of a source whose answers are deltas.
constexpr std::size_t kMaxSeenOfDeltas = 500;

std::string gap_words(const schedule::Gap& gap, std::size_t pages) {
  const auto time = [](const OptionalTime& t) { return t ? model::to_rfc3339(*t) : std::string("an unknown time"); };
  return fmt::format("no entry of the last document is in this one{}: what came between {} and {} was not seen",
                     pages > 1 ? fmt::format(" or the {} pages behind it", pages - 1) : "", time(gap.after), time(gap.before));
}

struct Stored {
  std::vector<std::optional<store::StoredItem>> by_id, by_page;
};

// By their ids, and by their pages those that have none of these.
Result<Stored> stored_of(store::Reader& reader, const std::string& source_id, const std::vector<std::string>& ids,
                         std::vector<std::uint64_t> pages) {
  auto by_id = reader.find(ids);
  if (!by_id) return by_id.error();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if ((*by_id)[i]) pages[i] = 0;
  }
  auto by_page = reader.find_pages(source_id, pages);
  if (!by_page) return by_page.error();
  return Stored{std::move(*by_id), std::move(*by_page)};
}

Histogram& stage_histogram(Metrics& metrics, const char* stage) {
  return metrics.histogram("tidings_stage_seconds", "Time that the stages of a poll take", fmt::format("stage=\"{}\"", stage));
}

}  // namespace

Intake::Intake(Rooms rooms, Options options)
    : rooms_(std::move(rooms)),
      options_(options),
      meters_(rooms_.metrics, rooms_.dedup),
      unchanged_(rooms_.metrics.counter("tidings_entries_unchanged_total", "Entries known already, with the same content")),
      rekeyed_(rooms_.metrics.counter("tidings_entries_rekeyed_total", "Entries shown before that came under a new id")),
      fresh_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"new\"")),
      updates_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"update\"")),
      duplicates_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"duplicate\"")),
      backfill_(rooms_.metrics.counter("tidings_items_backfill_total", "Items that were old when they were first seen")),
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

// What the document says of its feed, for the schedule and for people.
void Intake::note_feed(Source& source, Trip& trip, const Extracted& extracted) {
  trip.read_any = true;
  // A page that is cut short still closes a gap or not by what it holds.
  trip.partial = trip.partial || (extracted.partial && !trip.paging);
  trip.seen.add(extracted.seen);
  trip.older = extracted.feed.next_archive;
  if (!trip.hints && !trip.url.empty()) trip.hints = push::discover(trip.url, trip.links, extracted.feed);
  trip.keys.entries += extracted.seen.size();
  for (const auto& keys : extracted.seen.keys()) trip.keys.shown.push_back(key_of(keys));
  if (!trip.paging) {
    if (!trip.delta) trip.poll.window_entries += static_cast<std::uint32_t>(extracted.seen.size());
    trip.poll.ttl_minutes = extracted.feed.ttl_minutes;
    trip.poll.update_period_seconds = extracted.feed.update_period_seconds;
    trip.poll.skip_hours = extracted.feed.skip_hours;
    trip.poll.skip_days = extracted.feed.skip_days;
  }
  if (!extracted.feed.title.value.empty()) source.learnt->state.title = extracted.feed.title.value;
  for (const auto& warning : extracted.warnings) {
    rooms_.log.debug("{}: line {}: {}", source.config->id, warning.line, warning.message);
  }
  if (extracted.partial) {
    rooms_.metrics.counter("tidings_documents_partial_total", "Documents that were cut short").add();
    rooms_.log.warning("{}: the document was cut short; its whole entries are kept", source.config->id);
  }
  unchanged_.add(extracted.seen.size() - extracted.candidates.size());
}

// By id; and what has another id now, by its page: the store knows it long after it has left the window.
Task<Result<std::vector<Intake::Found>>> Intake::find(const Source& source, const Trip& trip, const std::vector<Candidate>& candidates) {
  std::vector<std::string> ids;
  std::vector<std::uint64_t> pages;
  ids.reserve(candidates.size());
  pages.reserve(candidates.size());
  for (const auto& candidate : candidates) {
    ids.push_back(candidate.item.id);
    pages.push_back(trip.poll.first || trip.taken.contains(candidate.item.id) ? 0 : candidate.features.url_key);
  }
  auto question = [source_id = source.config->id, ids = std::move(ids), pages = std::move(pages)](store::Reader& reader) {
    return stored_of(reader, source_id, ids, pages);
  };
  auto stored = co_await rooms_.store.ask(std::move(question));
  if (!stored) co_return stored.error();
  std::vector<Found> found(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    found[i].stored = std::move(stored->by_id[i]);
    if (found[i].stored) continue;
    const auto& page = stored->by_page[i];
    if (page && dedup::tells_the_same(page->memory, candidates[i].features, rooms_.dedup.options())) found[i].shown_as = page->id;
  }
  co_return found;
}

Task<bool> Intake::take(Source& source, Trip& trip, Extracted extracted) {
  const Time started = system_now();
  note_feed(source, trip, extracted);
  auto found = co_await find(source, trip, extracted.candidates);
  if (!found) {
    trip.poll.error = found.error().code();
    trip.trouble = found.error().message();
    co_return false;
  }
  const Time now = system_now();
  Repeated repeated;
  for (std::size_t i = 0; i < extracted.candidates.size(); ++i) {
    decide(source, trip, std::move(extracted.candidates[i]), (*found)[i], now, repeated);
  }
  if (!trip.poll.first) note_repeats(source, trip, repeated, extracted.seen.size(), now);
  if (extracted.cursor) source.learnt->state.cursor = *extracted.cursor;
  const double took = seconds_since(started);
  route_seconds_.observe(took);
  trip.decide += took;
  // Batches are handed over in the order of their verdicts: were a copy that another poll takes meanwhile committed first,
  // a crash in between would leave a duplicate of an item that was never published.
  if (trip.requests.size() > 1 && !trip.batch.items.empty()) co_await commit(source, trip);
  co_return true;
}

// The verdict on one entry, and all that follows from it.
void Intake::decide(Source& source, Trip& trip, Candidate candidate, const Found& found, Time now, Repeated& repeated) {
  model::Item& item = candidate.item;
  const dedup::Features& features = candidate.features;
  store::Batch& batch = trip.batch;
  std::optional<dedup::Known> known;
  if (const auto taken = trip.taken.find(item.id); taken != trip.taken.end()) {
    known = taken->second;
  } else if (found.stored) {
    known = dedup::Known{found.stored->rev, found.stored->content_hash, found.stored->first_seen, found.stored->story};
  }
  const auto show_again = [&](const std::string& id) {
    trip.overlaps = true;
    batch.seen_again.push_back(id);
    rekeyed_.add();
    ++repeated.rekeyed;
  };
  if (!found.shown_as.empty()) return show_again(found.shown_as);

  const bool old = is_old(item, known ? known->first_seen : now, now);
  item.first_seen = known ? known->first_seen : now;
  item.backfill = !known && old;
  dedup::Decision decision = rooms_.dedup.decide(item, features, known, now);
  trip.overlaps = trip.overlaps || found.stored || decision.unchanged;
  if (decision.unchanged) {
    batch.seen_again.push_back(item.id);
    unchanged_.add();
    if (candidate.listed) return;
    ++repeated.known;
    if (old) ++repeated.aged;
    return;
  }
  tell(batch, decision.events);
  if (decision.rekeyed) return show_again(decision.shown_as);

  const model::Verdict& verdict = decision.verdict;
  meters_.decided(verdict);
  const bool duplicate = verdict.kind == model::VerdictKind::duplicate;
  trip.taken[item.id] = {verdict.rev, features.content_hash, item.first_seen, verdict.story};
  store::StoredItem row{item.id, item.source_id, verdict.rev, features.content_hash, item.first_seen, verdict.story,
                        verdict.kind, verdict.of, std::move(decision.memory)};
  row.url_key = features.url_key;
  row.notes = {std::string(text::truncate_utf8(item.title, kMaxTitleBytes)), item.canonical_url, item.language,
               std::move(candidate.outlet), verdict.layer, verdict.distance, verdict.similarity, verdict.changed};
  batch.items.push_back(std::move(row));
  batch.outbox.push_back({duplicate ? "duplicates" : "items", item.id, stream_fields(item, verdict)});
  if (!duplicate) rooms_.on_item(item, verdict, batch);
  count(source, trip, item, verdict);
  if (known) return;
  if (duplicate && decision.own) {
    ++repeated.rekeyed;  // under another page as well
  } else if (item.backfill) {
    ++repeated.old;
  }
  if (item.backfill) backfill_.add();
  if (item.backfill && !trip.poll.first) return;
  ++trip.poll.new_items;
  trip.keys.fresh.push_back(candidate.key);
  if (item.published) trip.poll.published.push_back(*item.published);
}

// By its stated date; without one by when it was first seen.
bool Intake::is_old(const model::Item& item, Time first_seen, Time now) const {
  if (options_.backfill_age <= Seconds(0)) return false;
  const Time stated = std::max(item.published.value_or(Time::min()), item.updated.value_or(Time::min()));
  return now - (stated == Time::min() ? first_seen : stated) > options_.backfill_age;
}

void Intake::count(Source& source, Trip& trip, const model::Item& item, const model::Verdict& verdict) {
  switch (verdict.kind) {
    case model::VerdictKind::fresh:
      fresh_.add();
      ++source.learnt->state.items;
      if (item.published && !item.backfill && !trip.poll.first) trip.fresh.push_back(*item.published);
      break;
    case model::VerdictKind::update: updates_.add(), ++source.learnt->state.updates; break;
    case model::VerdictKind::duplicate: duplicates_.add(), ++source.learnt->state.duplicates; break;
  }
}

void Intake::note_repeats(Source& source, Trip& trip, const Repeated& repeated, std::size_t entries, Time now) {
  const auto kind = source.learnt->repeats.see(repeated, entries, now);
  if (!kind) return;
  const std::string detail =
      *kind == Repeats::Kind::rekeyed
          ? "gives entries new ids that it has shown before: they are known by their page or text, and no news"
          : "lists entries again that it has shown before, or old ones for the first time: they are no news";
  rooms_.log.info("{}: {}", source.config->id, detail);
  tell(trip.batch, source, name_of(*kind), detail, repeated.all());
}

std::optional<schedule::Gap> Intake::gap_of(const Source& source, const Trip& trip) {
  if (trip.poll.first || trip.overlaps || trip.poll.new_items == 0) return std::nullopt;
  return schedule::find_gap(source.learnt->seen.keys(), trip.seen.keys(), trip.partial || !trip.trouble.empty());
}

void Intake::note_seen(Source& source, Trip& trip) {
  if (!trip.read_any) return;
  const bool partial = trip.partial || !trip.trouble.empty();
  if (const auto gap = gap_of(source, trip)) {
    trip.poll.gap = true;
    gaps_.add();
    SourceEvent event{"gap", source.config->id, source.url(), gap_words(*gap, trip.requests.size()), system_now()};
    event.after = gap->after;
    event.before = gap->before;
    rooms_.log.warning("{}: {}", source.config->id, event.detail);
    trip.batch.outbox.push_back({"sources", source.config->id, stream_fields(event)});
  } else if (trip.paging && trip.requests.size() > 1) {
    // The pages behind the document closed it; without them items would have been lost.
    trip.poll.gap = true;
    gaps_closed_.add();
    rooms_.log.info("{}: no entry of the last document is in this one; {} older page{} closed the gap", source.config->id,
                    trip.requests.size() - 1, trip.requests.size() == 2 ? "" : "s");
  }
  if (trip.delta) {
    trip.seen.add(source.learnt->seen);
    trip.seen.keep_first(kMaxSeenOfDeltas);
  }
  // A document that was cut short says nothing of the entries that it lacks: they stay known.
  if (!partial || trip.seen.size() > source.learnt->seen.size()) source.learnt->seen = std::move(trip.seen);
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
  trip.uncommitted = committed.error();
  note_uncommitted(rooms_, source.config->id, committed.error());
}

// Attained against attainable: nothing can be had before the origin shows it and its wishes allow to ask, and the way from
// there takes its time.
void Intake::note_freshness(Source& source, Trip& trip) {
  if (trip.fresh.empty()) return;
  if (!source.learnt->figures) source.learnt->figures = std::make_unique<Figures>();
  source.learnt->unsaved = true;
  const double route = seconds_since(trip.started);
  const double late_after = std::chrono::duration<double>(options_.late_after).count();
  for (const Time published : std::exchange(trip.fresh, {})) {
    const double attained = seconds_since(published);
    const double waited = std::max(0.0, std::chrono::duration<double>(trip.allowed_from - published).count());
    const double attainable = std::min(attained, waited + route);
    detect_delay_.observe(attained);
    attainable_.observe(attainable);
    source.learnt->figures->detect.add(attained);
    source.learnt->figures->attainable_sum += attainable;
    if (attained - attainable <= late_after) continue;
    late_.add();
    ++source.learnt->figures->late;
  }
}

void Intake::note_stages(Source& source, const Trip& trip) {
  // What is pushed was not fetched.
  if (trip.fetch > 0) fetch_seconds_.observe(trip.fetch);
  if (!trip.read_any) return;
  parse_seconds_.observe(trip.parse);
  decide_seconds_.observe(trip.decide);
  commit_seconds_.observe(trip.commit);
  if (!source.learnt->figures) return;
  source.learnt->unsaved = true;
  if (trip.fetch > 0) source.learnt->figures->fetch.add(trip.fetch);
  source.learnt->figures->parse.add(trip.parse);
  source.learnt->figures->decide.add(trip.decide);
  source.learnt->figures->commit.add(trip.commit);
}

}  // namespace tidings::ingest
