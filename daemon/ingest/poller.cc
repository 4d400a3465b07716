#include "ingest/poller.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/hash.h"
#include "loop/timeout.h"

namespace tidings::ingest {
namespace {

constexpr int kNotModified = 304;
constexpr int kGone = 410;

// In words that name the cause; the source is named by who logs it.
std::string status_words(int status) {
  switch (status) {
    case 401: return "answered 401: it wants credentials";
    case 403: return "answered 403: it refuses us";
    case 404: return "answered 404: there is nothing at this URL";
    case kGone: return "answered 410: it is gone for good";
    case 429: return "answered 429: too many requests";
    case 503: return "answered 503: it cannot serve now";
    default: return fmt::format("answered {}", status);
  }
}

// What subscribers of the sources' events are told.
void tell(store::Batch& batch, const Source& source, const char* kind, const std::string& detail) {
  batch.outbox.push_back({"sources", source.config.id, stream_fields({kind, source.config.id, source.url(), detail, system_now()})});
}

}  // namespace

struct Poller::Trip {
  schedule::Poll poll;      // what the schedule learns
  store::Batch batch;       // what is not committed yet
  std::string trouble;      // why the poll failed, empty: it did not
  std::vector<model::PluginRequest> requests;
  bool conditional = false;  // the request went with validators
  bool read_any = false;     // there was a document to read
  bool partial = false;      // some of it was cut short
  bool rekeyed = false;      // entries that were shown before came under new ids
  Seen seen;                 // the entries of all its documents
  std::map<std::string, dedup::Known, std::less<>> taken;  // items that the batch holds already
};

Poller::Poller(Rooms rooms, Options options, normalize::Options normalize_options, dedup::Options dedup_options)
    : rooms_(std::move(rooms)),
      options_(options),
      normalize_options_(std::move(normalize_options)),
      dedup_options_(std::move(dedup_options)),
      polls_(rooms_.metrics.counter("tidings_polls_total", "Polls that ended")),
      not_modified_(rooms_.metrics.counter("tidings_polls_not_modified_total", "Polls answered 304 or with the same bytes")),
      failures_(rooms_.metrics.counter("tidings_polls_failed_total", "Polls that failed")),
      unchanged_(rooms_.metrics.counter("tidings_entries_unchanged_total", "Entries known already, with the same content")),
      rekeyed_(rooms_.metrics.counter("tidings_entries_rekeyed_total", "Entries shown before that came under a new id")),
      fresh_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"new\"")),
      updates_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"update\"")),
      duplicates_(rooms_.metrics.counter("tidings_items_total", "Items by verdict", "verdict=\"duplicate\"")),
      gaps_(rooms_.metrics.counter("tidings_gaps_total", "Polls that shared no entry with the one before")),
      bytes_(rooms_.metrics.counter("tidings_fetched_bytes_total", "Bytes of bodies received")),
      detect_delay_(rooms_.metrics.histogram("tidings_detect_delay_seconds", "From the stated date of a new item to its commit")),
      route_seconds_(rooms_.metrics.histogram("tidings_route_seconds", "From the response to the commit of its items")) {}

Task<> Poller::poll(Source& source, Decide decide) {
  Trip trip;
  trip.poll.first = source.state.polls == 0;
  if (source.child) {
    co_await poll_child(source, trip);
  } else {
    co_await poll_url(source, trip);
  }
  if (trip.poll.error == Errc::cancelled) {
    // We are stopping: that is no failure of the source. What was taken before is still committed.
    if (!trip.batch.items.empty()) co_await commit(source, std::move(trip.batch));
    co_return;
  }
  polls_.add();
  ++source.state.polls;
  source.state.last_poll = system_now();
  note_seen(source, trip);
  note_health(source, trip);
  decide(trip.poll);
  store::SourceState state = source.state;
  state.seen = source.seen.save();
  if (trip.batch.is_bare()) {
    rooms_.store.keep(std::move(state));
    co_return;
  }
  trip.batch.state = std::move(state);
  co_await commit(source, std::move(trip.batch));
}

Task<Result<http::Response>> Poller::fetch(Source& source, const model::PluginRequest& wanted, bool conditional) {
  http::Request request;
  request.url = wanted.url;
  request.method = wanted.method;
  request.body = wanted.body;
  request.headers = source.config.headers;
  for (const auto& [name, value] : wanted.headers) request.headers.push_back({name, value});
  request.allow_private = source.config.allow_private;
  request.proxy = source.config.proxy;
  if (conditional) {
    request.etag = source.state.etag;
    request.last_modified = source.state.last_modified;
  }
  co_return co_await rooms_.http.fetch(std::move(request));
}

Task<> Poller::poll_url(Source& source, Trip& trip) {
  auto requests = source.instance->requests(source.state.cursor);
  if (!requests) {
    trip.poll.error = requests.error().code();
    trip.trouble = requests.error().message();
    co_return;
  }
  trip.requests = std::move(*requests);
  // Where the plugin asks for the source's own URL, the address that the source has moved to stands for it.
  for (auto& request : trip.requests) {
    if (request.url == source.config.url) request.url = source.url();
  }
  for (std::size_t i = 0; i < trip.requests.size(); ++i) {
    if (i == options_.max_requests_per_poll) {
      rooms_.log.warning("{}: stopped after {} requests of one poll", source.config.id, i);
      trip.partial = true;
      break;
    }
    const bool holds_validators = !source.state.etag.empty() || !source.state.last_modified.empty();
    trip.conditional = i == 0 && holds_validators && !source.unconditional;
    trip.poll.unconditional = i == 0 && holds_validators && source.unconditional;
    auto response = co_await fetch(source, trip.requests[i], trip.conditional);
    if (!response) {
      trip.poll.error = response.error().code();
      trip.trouble = response.error().message();
      co_return;
    }
    trip.poll.status = response->status;
    trip.poll.headers = schedule::CacheHeaders();
    for (const auto& header : response->headers) trip.poll.headers.add(header.name, header.value);
    source.state.last_status = response->status;
    source.state.bytes += response->wire_bytes;
    bytes_.add(response->wire_bytes);
    trip.poll.body_bytes += response->wire_bytes;
    note_redirects(source, trip, *response);
    if (response->status == kNotModified) {
      ++source.state.not_modified;
      not_modified_.add();
      co_return;
    }
    if (response->status < 200 || response->status > 299) {
      trip.trouble = status_words(response->status);
      co_return;
    }
    std::string tag = trip.requests[i].tag;
    const bool going_on = co_await read(source, trip, std::move(*response), std::move(tag));
    if (!going_on) co_return;
  }
}

Task<bool> Poller::read(Source& source, Trip& trip, http::Response response, std::string tag) {
  const std::uint64_t body_hash = hash64(response.body.view());
  const std::string etag(response.header("ETag"));
  const std::string last_modified(response.header("Last-Modified"));
  const bool single = trip.requests.size() == 1;
  trip.poll.same_validators = !etag.empty() ? etag == source.state.etag
                                            : !last_modified.empty() && last_modified == source.state.last_modified;
  if (single && body_hash == source.state.body_hash && source.state.polls > 0 && source.state.last_error.empty()) {
    not_modified_.add();
    ++source.state.not_modified;
    source.state.etag = etag;
    source.state.last_modified = last_modified;
    co_return true;
  }
  plugin::Response document;
  document.status = response.status;
  document.url = response.url;
  for (auto& header : response.headers) document.headers.push_back(std::move(header));
  document.body = std::move(response.body);
  document.tag = std::move(tag);
  while (rooms_.pool.pending() >= options_.max_worker_queue) {
    if (co_await loop::sleep_for(std::chrono::milliseconds(1))) co_return false;
  }
  auto work = [instance = source.instance.get(), document = std::move(document), config = source.config, last = source.seen,
               fetched = system_now(), n = normalize_options_, d = dedup_options_]() mutable -> Result<Extracted> {
    auto parsed = instance->parse(std::move(document));
    if (!parsed) return parsed.error();
    return extract(std::move(*parsed), config, last, fetched, n, d);
  };
  auto extracted = co_await loop::offload(rooms_.pool, std::move(work));
  if (!extracted) {
    trip.poll.error = extracted.error().code();
    trip.trouble = extracted.error().message();
    co_return false;
  }
  for (auto& request : extracted->follow_ups) trip.requests.push_back(std::move(request));
  const bool taken = co_await take(source, trip, std::move(*extracted));
  if (!taken) co_return false;
  // The validators go into the same commit as the last items that came under them: stored before, a crash would lose
  // those items for good, since the next answer is 304.
  if (trip.requests.size() == 1) {
    source.state.etag = etag;
    source.state.last_modified = last_modified;
    source.state.body_hash = body_hash;
  }
  co_return true;
}

Task<> Poller::poll_child(Source& source, Trip& trip) {
  auto document = co_await source.child->poll(source.state.cursor);
  if (!document) {
    trip.poll.error = document.error().code();
    trip.trouble = document.error().message();
    co_return;
  }
  auto work = [document = std::move(*document), config = source.config, last = source.seen, fetched = system_now(),
               n = normalize_options_, d = dedup_options_]() mutable {
    return extract(std::move(document), config, last, fetched, n, d);
  };
  auto extracted = co_await loop::offload(rooms_.pool, std::move(work));
  trip.poll.status = 200;
  co_await take(source, trip, std::move(extracted));
}

// Verdicts for what the document holds that was not known, and the batch that they go into.
Task<bool> Poller::take(Source& source, Trip& trip, Extracted extracted) {
  const Time started = system_now();
  trip.read_any = true;
  trip.partial = trip.partial || extracted.partial;
  trip.seen.add(extracted.seen);
  trip.poll.window_entries += static_cast<std::uint32_t>(extracted.seen.size());
  trip.poll.ttl_minutes = extracted.feed.ttl_minutes;
  trip.poll.update_period_seconds = extracted.feed.update_period_seconds;
  trip.poll.skip_hours = extracted.feed.skip_hours;
  trip.poll.skip_days = extracted.feed.skip_days;
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
        if (item.published && !trip.poll.first) {
          detect_delay_.observe(std::max(0.0, std::chrono::duration<double>(now - *item.published).count()));
        }
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
  route_seconds_.observe(std::chrono::duration<double>(system_now() - started).count());
  // Batches are handed over in the order of their verdicts: were a copy that another poll takes meanwhile committed first,
  // a crash in between would leave a duplicate of an item that was never published.
  if (trip.requests.size() > 1 && !batch.items.empty()) {
    store::Batch taken = std::exchange(batch, store::Batch());
    co_await commit(source, std::move(taken));
  }
  co_return true;
}

// What all documents of the poll together say of the ones before: whether entries were missed, and what is known now.
void Poller::note_seen(Source& source, Trip& trip) {
  if (!trip.read_any) return;
  const bool partial = trip.partial || !trip.trouble.empty();
  if (!trip.poll.first && trip.poll.new_items > 0 && schedule::find_gap(source.seen.keys(), trip.seen.keys(), partial)) {
    trip.poll.gap = true;
    gaps_.add();
    const std::string detail = "no entry of the last document is in this one: what came between was not seen";
    rooms_.log.warning("{}: {}", source.config.id, detail);
    tell(trip.batch, source, "gap", detail);
  }
  if (trip.rekeyed && !std::exchange(source.rekeyed, true)) {
    const std::string detail = "gives entries new ids that it has shown before: they are known by their URL or text and not published again";
    rooms_.log.info("{}: {}", source.config.id, detail);
    tell(trip.batch, source, "rekeyed", detail);
  }
  // A document that was cut short says nothing of the entries that it lacks: they stay known.
  if (!partial || trip.seen.size() > source.seen.size()) source.seen = std::move(trip.seen);
}

void Poller::note_redirects(Source& source, Trip& trip, const http::Response& response) {
  std::string permanent;
  for (const auto& redirect : response.redirects) {
    if (redirect.status != 301 && redirect.status != 308) {
      permanent.clear();
      break;
    }
    permanent = redirect.to;
  }
  const bool is_feed = response.status == kNotModified || (response.status >= 200 && response.status < 300 && !source.state.title.empty());
  if (source.moved.see(permanent, is_feed, system_now())) {
    const std::string detail = fmt::format("has moved for good to {}", permanent);
    rooms_.log.info("{}: {}", source.config.id, detail);
    tell(trip.batch, source, "moved", detail);
    source.state.url = permanent;
  }
}

// A failure is said once, and so is its end; each is counted.
void Poller::note_health(Source& source, Trip& trip) {
  if (trip.trouble.empty()) {
    source.state.last_success = system_now();
    if (!source.state.last_error.empty()) {
      rooms_.log.info("{}: answers again", source.config.id);
      tell(trip.batch, source, "recovered", "answers again");
      source.state.last_error.clear();
    }
    return;
  }
  ++source.state.failures;
  failures_.add();
  if (source.state.last_error != trip.trouble) {
    rooms_.log.warning("{}: {}", source.config.id, trip.trouble);
    if (source.state.last_error.empty()) tell(trip.batch, source, trip.poll.status == kGone ? "gone" : "failing", trip.trouble);
  }
  source.state.last_error = trip.trouble;
}

Task<> Poller::commit(Source& source, store::Batch batch) {
  const auto committed = co_await rooms_.store.commit(std::move(batch));
  if (committed) co_return;
  const Errc why = committed.error().code();
  // A stop ended the wait: what was not stored, its validators with it, comes again at the next start.
  if (why != Errc::cancelled && why != Errc::unavailable) {
    rooms_.log.error("{}: {}", source.config.id, committed.error().message());
    // Verdicts were given that the store does not know: to go on would lose these items.
    rooms_.fatal(committed.error());
  }
}

}  // namespace tidings::ingest
