#include "ingest/poller.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "ingest/source_events.h"
#include "loop/timeout.h"

namespace tidings::ingest {
namespace {

constexpr int kNotModified = 304;
constexpr int kGone = 410;
// Pushed entries that are remembered beside the last document's until the next poll.
constexpr std::size_t kMaxSeenPushed = 2000;
constexpr int kDelta = 226;  // RFC 3229: what is new since the validators, and no more

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

}  // namespace

Poller::Poller(asio::any_io_executor executor, Rooms rooms, Options options, normalize::Options normalize_options,
               dedup::Options dedup_options)
    : rooms_(rooms),
      intake_(std::move(rooms), options),
      turns_(std::move(executor)),
      options_(options),
      normalize_options_(std::move(normalize_options)),
      dedup_options_(std::move(dedup_options)),
      polls_(rooms_.metrics.counter("tidings_polls_total", "Polls that ended")),
      not_modified_(rooms_.metrics.counter("tidings_polls_not_modified_total", "Polls answered 304 or with the same bytes")),
      failures_(rooms_.metrics.counter("tidings_polls_failed_total", "Polls that failed")),
      bytes_(rooms_.metrics.counter("tidings_fetched_bytes_total", "Bytes of bodies received")) {}

Task<> Poller::poll(Source& source, Decide decide) {
  Turn turn(turns_);
  Trip trip;
  trip.turn = &turn;
  trip.allowed_from = source.allowed_from;
  trip.poll.first = !source.learnt->state.last_success;
  trip.poll.requests = 0;
  if (source.learnt->fetcher.child) {
    co_await poll_child(source, trip);
  } else {
    co_await poll_url(source, trip);
  }
  if (trip.poll.error == Errc::cancelled) {
    // We are stopping: that is no failure of the source. What was taken before is still committed.
    if (!trip.batch.items.empty()) co_await intake_.commit(source, trip);
    co_return;
  }
  polls_.add();
  ++source.learnt->state.polls;
  source.learnt->state.last_poll = system_now();
  intake_.note_seen(source, trip);
  note_health(source, trip);
  if (trip.hints && rooms_.channels.heard) rooms_.channels.heard(source.config->id, std::move(*trip.hints));
  if (trip.trouble.empty() && rooms_.channels.found) rooms_.channels.found(source.config->id, trip.keys);
  decide(trip.poll);
  store::SourceState state = source.saved();
  if (trip.batch.is_bare()) {
    rooms_.store.keep(std::move(state));
    intake_.note_stages(source, trip);
    co_return;
  }
  trip.batch.state = std::move(state);
  co_await intake_.commit(source, trip);
  intake_.note_stages(source, trip);
}

Task<Result<http::Response>> Poller::fetch(Source& source, const model::PluginRequest& wanted, bool conditional) {
  http::Request request;
  request.url = wanted.url;
  request.method = wanted.method;
  request.body = wanted.body;
  request.headers = source.config->settings->headers;
  for (const auto& [name, value] : wanted.headers) request.headers.push_back({name, value});
  request.allow_private = source.config->settings->allow_private;
  request.proxy = source.config->settings->proxy;
  if (conditional) {
    request.etag = source.learnt->state.etag;
    request.last_modified = source.learnt->state.last_modified;
    // Who knows it answers with the new entries alone (RFC 3229 with the feed manipulation).
    if (!source.learnt->state.etag.empty()) request.headers.push_back({"A-IM", "feed"});
  }
  co_return co_await rooms_.http.fetch(std::move(request));
}

Task<> Poller::poll_url(Source& source, Trip& trip) {
  auto requests = source.learnt->fetcher.instance->requests(source.learnt->state.cursor);
  if (!requests) {
    trip.poll.error = requests.error().code();
    trip.trouble = requests.error().message();
    co_return;
  }
  trip.requests = std::move(*requests);
  // Where the plugin asks for the source's own URL, the address that the source has moved to stands for it.
  for (auto& request : trip.requests) {
    if (request.url == source.config->url) request.url = source.url();
  }
  for (std::size_t i = 0; i < trip.requests.size(); ++i) {
    if (i == options_.max_requests_per_poll) {
      rooms_.log.warning("{}: stopped after {} requests of one poll", source.config->id, i);
      trip.partial = true;
      break;
    }
    const bool holds_validators = !source.learnt->state.etag.empty() || !source.learnt->state.last_modified.empty();
    trip.conditional = i == 0 && holds_validators && !source.unconditional;
    trip.poll.conditional = trip.poll.conditional || trip.conditional;
    trip.poll.unconditional = i == 0 && holds_validators && source.unconditional;
    const Time asked = system_now();
    auto response = co_await fetch(source, trip.requests[i], trip.conditional);
    trip.fetch += seconds_since(asked);
    const bool ours = co_await trip.turn->take(source);
    if (!ours) response = Error(Errc::cancelled, "the poll was cancelled");
    if (!response) {
      trip.poll.error = response.error().code();
      trip.trouble = response.error().message();
      co_return;
    }
    trip.poll.status = response->status;
    trip.poll.headers = schedule::CacheHeaders();
    for (const auto& header : response->headers) trip.poll.headers.add(header.name, header.value);
    source.learnt->state.last_status = response->status;
    source.learnt->state.bytes += response->wire_bytes;
    bytes_.add(response->wire_bytes);
    trip.poll.body_bytes += response->wire_bytes;
    note_hosts(source, trip, *response);
    const bool own = trip.requests[i].url == source.url();
    const std::vector<http::Redirect> redirects = own ? std::move(response->redirects) : std::vector<http::Redirect>();
    if (response->status == kNotModified) {
      if (own) note_redirects(source, trip, redirects, true);
      ++source.learnt->state.not_modified;
      not_modified_.add();
      co_return;
    }
    if (response->status < 200 || response->status > 299) {
      if (own) note_redirects(source, trip, redirects, false);
      trip.trouble = status_words(response->status);
      co_return;
    }
    std::string tag = trip.requests[i].tag;
    const bool going_on = co_await read(source, trip, std::move(*response), std::move(tag));
    // An empty document may be a page that happens to be no error.
    if (own) note_redirects(source, trip, redirects, going_on && (!trip.read_any || trip.seen.size() > 0));
    if (!going_on) co_return;
  }
  if (trip.requests.size() == 1) co_await page_back(source, trip);
}

// Where nothing of the document is known, the pages behind it are read until something is, or there are no more. What goes
// wrong there is no failure of the source: the gap stays.
Task<> Poller::page_back(Source& source, Trip& trip) {
  trip.paging = true;
  std::set<std::string> visited;
  while (!trip.older.empty() && Intake::gap_of(source, trip) && trip.requests.size() < options_.max_requests_per_poll) {
    model::PluginRequest request = trip.requests.front();
    request.url = std::exchange(trip.older, std::string());
    if (!visited.insert(request.url).second) co_return;
    trip.requests.push_back(request);
    auto response = co_await fetch(source, request, false);
    if (!response) co_return;
    note_hosts(source, trip, *response);
    bytes_.add(response->wire_bytes);
    if (response->status < 200 || response->status > 299) co_return;
    const bool read_it = co_await read(source, trip, std::move(*response), std::move(request.tag));
    if (!read_it) {
      trip.poll.error.reset();
      trip.trouble.clear();
      co_return;
    }
  }
}

// One hop for a whole document, within the bound of the pool's queue. `parse` hands the entries over as it goes and gives a
// Result<model::Document> with the rest.
template <class Parse>
Task<Result<Extracted>> Poller::extract_on_worker(const Source& source, Parse parse, Time fetched) {
  while (rooms_.pool.pending() >= options_.max_worker_queue) {
    const error_code cut_short = co_await loop::sleep_for(std::chrono::milliseconds(1));
    if (cut_short) co_return Error(Errc::cancelled, "we are stopping");
  }
  auto work = [parse = std::move(parse), config = source.config, last = source.learnt->seen, fetched, n = normalize_options_,
               d = dedup_options_]() mutable -> Result<Extracted> {
    Extraction extraction(*config, last, fetched, std::move(n), std::move(d));
    auto document = parse([&](const model::Entry& entry) { extraction.take(entry); });
    if (!document) return document.error();
    return std::move(extraction).finish(std::move(*document));
  };
  co_return co_await loop::offload(rooms_.pool, std::move(work));
}

Task<bool> Poller::read(Source& source, Trip& trip, http::Response response, std::string tag) {
  if (response.status == kDelta) trip.delta = trip.partial = true;
  const std::uint64_t body_hash = hash64(response.body.view());
  const std::string etag(response.header("ETag"));
  const std::string last_modified(response.header("Last-Modified"));
  const bool single = trip.requests.size() == 1;
  trip.poll.same_validators = !etag.empty() ? etag == source.learnt->state.etag
                                            : !last_modified.empty() && last_modified == source.learnt->state.last_modified;
  if (single && body_hash == source.learnt->state.body_hash && source.learnt->state.polls > 0 && source.learnt->state.last_error.empty()) {
    not_modified_.add();
    ++source.learnt->state.not_modified;
    source.learnt->state.etag = etag;
    source.learnt->state.last_modified = last_modified;
    co_return true;
  }
  trip.url = response.url;
  for (const auto& header : response.headers) {
    if (text::equal_ignoring_case(header.name, "Link")) trip.links.push_back(header.value);
  }
  plugin::Response document;
  document.status = response.status;
  document.url = response.url;
  for (auto& header : response.headers) document.headers.push_back(std::move(header));
  document.body = std::move(response.body);
  document.tag = std::move(tag);
  const Time fetched = system_now();
  auto parse = [instance = source.learnt->fetcher.instance.get(), document = std::move(document)](const plugin::TakeEntry& take) {
    return instance->parse(document, take);
  };
  auto extracted = co_await extract_on_worker(source, std::move(parse), fetched);
  trip.parse += seconds_since(fetched);
  if (!extracted) {
    trip.poll.error = extracted.error().code();
    trip.trouble = extracted.error().message();
    co_return false;
  }
  for (auto& request : extracted->follow_ups) trip.requests.push_back(std::move(request));
  const bool taken = co_await intake_.take(source, trip, std::move(*extracted));
  if (!taken) co_return false;
  // The validators go into the same commit as the last items that came under them: stored before, a crash would lose
  // those items for good, since the next answer is 304.
  if (trip.requests.size() == 1) {
    source.learnt->state.etag = etag;
    source.learnt->state.last_modified = last_modified;
    source.learnt->state.body_hash = body_hash;
  }
  co_return true;
}

Task<> Poller::poll_child(Source& source, Trip& trip) {
  auto document = co_await source.learnt->fetcher.child->poll(source.learnt->state.cursor);
  trip.fetch += seconds_since(trip.started);
  const bool ours = co_await trip.turn->take(source);
  if (!ours) document = Error(Errc::cancelled, "the poll was cancelled");
  if (!document) {
    trip.poll.error = document.error().code();
    trip.trouble = document.error().message();
    co_return;
  }
  auto hand_over = [document = std::move(document)](const plugin::TakeEntry& take) mutable -> Result<model::Document> {
    for (const auto& entry : document->entries) take(entry);
    return std::move(document);
  };
  auto extracted = co_await extract_on_worker(source, std::move(hand_over), system_now());
  if (!extracted) {
    trip.poll.error = extracted.error().code();
    trip.trouble = extracted.error().message();
    co_return;
  }
  trip.poll.status = 200;
  co_await intake_.take(source, trip, std::move(*extracted));
}

Task<Result<push::Taken>> Poller::push(Source& source, Read read) {
  Turn turn(turns_);
  const bool ours = co_await turn.take(source);
  if (!ours) co_return Error(Errc::cancelled, "we are stopping");
  Trip trip;
  trip.allowed_from = trip.started;
  auto parse = [instance = source.learnt->fetcher.instance.get(), read = std::move(read)](const plugin::TakeEntry& take) { return read(*instance, take); };
  auto extracted = co_await extract_on_worker(source, std::move(parse), trip.started);
  trip.parse += seconds_since(trip.started);
  if (!extracted) co_return extracted.error();
  const std::string cursor = source.learnt->state.cursor;
  const bool taken = co_await intake_.take(source, trip, std::move(*extracted));
  if (!taken) co_return Error(*trip.poll.error, trip.trouble);
  // Gaps are looked for against the last document and what came since; a stream has no documents.
  if (source.is_polled()) {
    if (source.learnt->seen.size() + trip.seen.size() > kMaxSeenPushed) source.learnt->seen.clear();
    source.learnt->seen.add(trip.seen);
  } else {
    source.learnt->state.last_success = trip.started;
  }
  if (!trip.batch.is_bare() || cursor != source.learnt->state.cursor) {
    trip.batch.state = source.saved();
    co_await intake_.commit(source, trip);
    if (trip.uncommitted) co_return *trip.uncommitted;
  }
  intake_.note_stages(source, trip);
  co_return std::move(trip.keys);
}

// Each hop is a request, to the source's own host or to the one that it leads to.
void Poller::note_hosts(Source& source, Trip& trip, const http::Response& response) {
  const std::string last = schedule::politeness_key(response.url);
  source.led_to = last == source.host ? std::string() : last;
  (source.led_to.empty() ? trip.poll.requests : trip.poll.requests_elsewhere) += 1;
  for (const auto& redirect : response.redirects) {
    (source.led_to.empty() || schedule::politeness_key(redirect.from) == source.host ? trip.poll.requests : trip.poll.requests_elsewhere) += 1;
  }
}

// `is_feed`: what they led to was one.
void Poller::note_redirects(Source& source, Trip& trip, const std::vector<http::Redirect>& redirects, bool is_feed) {
  std::string permanent;
  for (const auto& redirect : redirects) {
    if (redirect.status != 301 && redirect.status != 308) {
      permanent.clear();
      break;
    }
    permanent = redirect.to;
  }
  if (source.learnt->moved.see(permanent, is_feed, system_now())) {
    const std::string detail = fmt::format("has moved for good to {}", permanent);
    rooms_.log.info("{}: {}", source.config->id, detail);
    tell(trip.batch, source, "moved", detail);
    source.learnt->state.url = permanent;
    source.host = schedule::politeness_key(permanent);
    source.led_to.clear();
  }
}

// A failure is said once, and so is its end; each is counted.
void Poller::note_health(Source& source, Trip& trip) {
  if (trip.trouble.empty()) {
    source.learnt->state.last_success = system_now();
    if (!source.learnt->state.last_error.empty()) {
      rooms_.log.info("{}: answers again", source.config->id);
      tell(trip.batch, source, "recovered", "answers again");
      source.learnt->state.last_error.clear();
    }
    return;
  }
  ++source.learnt->state.failures;
  failures_.add();
  if (source.learnt->state.last_error != trip.trouble) {
    rooms_.log.warning("{}: {}", source.config->id, trip.trouble);
    if (source.learnt->state.last_error.empty()) tell(trip.batch, source, trip.poll.status == kGone ? "gone" : "failing", trip.trouble);
  }
  source.learnt->state.last_error = trip.trouble;
}

}  // namespace tidings::ingest
