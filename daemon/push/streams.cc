#include "push/streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "http/sse.h"
#include "loop/timeout.h"
#include "model/item_json.h"
#include "push/form.h"
#include "schedule/cache_headers.h"

namespace tidings::push {
namespace {

// Events that were read and are not stored yet.
constexpr std::size_t kMaxPending = 1000;
// The most of them that are taken at once.
constexpr std::size_t kMaxBatch = 250;
constexpr std::chrono::milliseconds kPressureCheck(100);
// A connection that stood for so long was a good one.
constexpr std::chrono::seconds kGoodAfter(30);
constexpr Seconds kMaxRetryAfter(24 * 3600);

std::string with_cursor(std::string text, std::string_view cursor) {
  constexpr std::string_view kMark = "{cursor}";
  for (auto at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + cursor.size())) text.replace(at, kMark.size(), cursor);
  return text;
}

std::string url_of(const model::Source& source, const std::string& cursor) {
  const std::string encoded = encode_form({{"", cursor}}).substr(1);
  return with_cursor(source.url, encoded);
}

std::optional<Millis> retry_after(const http::Response& answer) {
  schedule::CacheHeaders headers;
  headers.add("Retry-After", answer.header("Retry-After"));
  const auto wait = headers.retry_after(system_now());
  if (!wait) return std::nullopt;
  return std::min(*wait, kMaxRetryAfter);
}

// Why a connection is left that was not cut: we are stopping, or what it brought could not be stored.
Task<Error> why_no_room() {
  const bool is_cancelled = (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
  co_return is_cancelled ? Error(Errc::cancelled, "we are stopping") : Error(Errc::unavailable, "events could not be stored");
}

}  // namespace

struct Streams::Live {
  Live(asio::any_io_executor executor, model::Source given, Recall& known, const Options& options, const Log& log)
      : source(std::move(given)), recall(known), reconnect(source.id, options), taken(executor), scope(executor, log) {}

  model::Source source;
  Recall& recall;
  Reconnect reconnect;
  bool is_up = false;
  bool was_good = false;      // the connection that is up or was last
  bool is_over = false;       // its server wants no more of us
  OptionalTime up_since;
  OptionalTime polled;        // the URL beside it, well, for the last time
  OptionalTime next_attempt;
  std::string trouble;
  std::uint64_t events = 0;
  std::deque<StreamEvent> pending;
  bool is_taking = false;
  bool is_stuck = false;      // events could not be stored: they come again after the next connection
  loop::Event taken;          // there may be room again
  loop::TaskScope scope;
};

Streams::Streams(asio::any_io_executor executor, http::Client& http, http::Options http_options, store::Store& store, Options options,
                 StreamCalls calls, Metrics& metrics, Log log)
    : executor_(executor),
      http_(http),
      http_options_(std::move(http_options)),
      store_(store),
      options_(std::move(options)),
      calls_(std::move(calls)),
      log_(std::move(log)),
      events_(metrics.counter("tidings_stream_events_total", "Events of streams that were taken")),
      unreadable_(metrics.counter("tidings_stream_events_unreadable_total", "Batches of events of which the plugin could read none")),
      connections_(metrics.counter("tidings_stream_connections_total", "Connections to streams by outcome", "outcome=\"good\"")),
      failures_(metrics.counter("tidings_stream_connections_total", "Connections to streams by outcome", "outcome=\"failed\"")) {
  metrics.observe("tidings_streams_up", "Streams that are connected", [this] {
    return static_cast<double>(std::count_if(live_.begin(), live_.end(), [](const auto& one) { return one.second->is_up; }));
  });
}

Streams::~Streams() = default;

void Streams::restore(const std::vector<store::ChannelState>& states) {
  for (const auto& row : states) {
    if (!row.source_id.starts_with(kRow)) continue;
    const auto saved = json::parse(row.state);
    if (!saved || !saved->is_object()) continue;
    const auto number = [&](std::string_view key) {
      const auto* member = saved->get_object().if_contains(key);
      return member != nullptr && member->is_number() ? member->to_number<double>() : 0.0;
    };
    recalls_.insert_or_assign(row.source_id.substr(kRow.size()), Recall(number("hits"), number("misses")));
  }
}

void Streams::apply(const std::vector<model::SharedSource>& sources) {
  std::set<std::string, std::less<>> wanted;
  for (const auto& shared : sources) {
    const model::Source& source = *shared;
    if (source.settings->stream == model::StreamKind::none || calls_.source(source.id) == nullptr) continue;
    wanted.insert(source.id);
    const auto at = live_.find(source.id);
    if (at != live_.end()) {
      model::Source placed = source;
      placed.origin = at->second->source.origin;
      if (placed == at->second->source) continue;
      at->second->scope.stop();
      ending_.push_back(std::move(at->second));
      live_.erase(at);
    }
    auto live = std::make_unique<Live>(executor_, source, recalls_[source.id], options_, log_);
    live->scope.spawn("push.stream", follow(*live));
    live_.emplace(source.id, std::move(live));
  }
  for (auto at = live_.begin(); at != live_.end();) {
    if (wanted.contains(at->first)) {
      ++at;
      continue;
    }
    at->second->scope.stop();
    ending_.push_back(std::move(at->second));
    at = live_.erase(at);
  }
  sweep();
}

void Streams::sweep() {
  std::erase_if(ending_, [](const auto& live) { return live->scope.size() == 0; });
}

Task<> Streams::stop() {
  for (auto& [id, live] : live_) {
    live->scope.stop();
    ending_.push_back(std::move(live));
  }
  live_.clear();
  for (auto& live : ending_) co_await live->scope.join();
  ending_.clear();
  co_await save();
}

Task<> Streams::save() {
  store::Batch batch;
  for (const auto& [id, recall] : recalls_) {
    if (recall.hits() + recall.misses() == 0) continue;
    const json::object state = {{"hits", recall.hits()}, {"misses", recall.misses()}};
    batch.channels.push_back({std::string(kRow) + id, json::serialize(state)});
  }
  if (batch.channels.empty()) co_return;
  const auto saved = co_await store_.commit(std::move(batch));
  if (!saved && saved.error().code() != Errc::cancelled) log_.error("what was learnt of streams is not saved: {}", saved.error().message());
}

Task<> Streams::follow(Live& live) {
  const std::string& id = live.source.id;
  for (;;) {
    while (store_.pressure() >= 1) {
      const auto cut_short = co_await loop::sleep_for(kPressureCheck);
      if (cut_short) co_return;
    }
    live.is_stuck = false;
    live.was_good = false;
    Ended ended;
    const auto cursor = co_await calls_.cursor(id);
    if (!cursor) {
      ended.why = cursor.error();
    } else if (live.source.settings->stream == model::StreamKind::sse) {
      ended = co_await listen_sse(live, *cursor);
    } else {
      ended = co_await listen_websocket(live, *cursor);
    }
    // What was read before the end is stored before we say where to go on.
    while (live.is_taking) {
      live.taken.reset();
      const auto cancelled = co_await live.taken.wait();
      if (cancelled) co_return;
    }
    const bool stood = live.up_since && system_now() - *live.up_since > kGoodAfter;
    live.is_up = false;
    live.up_since.reset();
    if (ended.why.code() == Errc::cancelled) co_return;
    if (!live.was_good) failures_.add();
    if (live.trouble != ended.why.message()) log_.info("{}: {}", id, ended.why.message());
    live.trouble = ended.why.message();
    if (ended.for_good) {
      live.is_over = true;
      co_return;
    }
    const Millis wait = live.reconnect.ended(live.was_good || stood, ended.asked);
    live.next_attempt = system_now() + wait;
    const auto cut_short = co_await loop::sleep_for(wait);
    if (cut_short) co_return;
    live.next_attempt.reset();
  }
}

void Streams::connected(Live& live) {
  live.is_up = true;
  live.up_since = system_now();
  live.trouble.clear();
  connections_.add();
  log_.info("{}: listening", live.source.id);
  // What was missed in between is in the document beside it, where there is one.
  calls_.poll_now(live.source.id);
}

Task<Streams::Ended> Streams::listen_sse(Live& live, const std::string& cursor) {
  Ended ended;
  http::Request request;
  request.url = url_of(live.source, cursor);
  request.headers = live.source.settings->headers;
  request.headers.push_back({"Accept", "text/event-stream"});
  request.headers.push_back({"Cache-Control", "no-cache"});
  if (!cursor.empty()) request.headers.push_back({"Last-Event-ID", cursor});
  request.allow_private = live.source.settings->allow_private;
  request.proxy = live.source.settings->proxy;
  auto stream = co_await http_.open(std::move(request));
  if (!stream) {
    ended.why = stream.error();
    co_return ended;
  }
  const http::Response& head = stream->head();
  if (head.status == 204) {
    ended.for_good = true;
    ended.why = Error(Errc::unavailable, "answered 204: it wants nobody to listen any more");
    co_return ended;
  }
  if (head.status != 200 || !text::starts_with_ignoring_case(text::trim(head.header("Content-Type")), "text/event-stream")) {
    ended.asked = retry_after(head);
    ended.why = Error(Errc::protocol, fmt::format("answered {} with '{}' and no event stream", head.status, head.header("Content-Type")));
    co_return ended;
  }
  const std::string url = head.url;
  connected(live);
  http::SseReader reader(options_.max_event_bytes);
  for (;;) {
    const bool has_room = co_await room(live);
    if (!has_room) break;
    auto bytes = co_await stream->read();
    ended.asked = reader.retry();
    if (!bytes) {
      ended.why = bytes.error();
      co_return ended;
    }
    if (bytes->empty()) {
      ended.why = Error(Errc::unavailable, "the stream has ended");
      co_return ended;
    }
    auto events = reader.read(*bytes);
    ended.asked = reader.retry();
    if (!events) {
      ended.why = events.error();
      co_return ended;
    }
    for (auto& event : *events) add(live, {std::move(event.type), std::move(event.id), std::move(event.data), url});
  }
  ended.why = co_await why_no_room();
  co_return ended;
}

Task<Streams::Ended> Streams::listen_websocket(Live& live, const std::string& cursor) {
  Ended ended;
  http::WebSocketRequest request;
  request.url = url_of(live.source, cursor);
  request.headers = live.source.settings->headers;
  if (!cursor.empty()) request.headers.push_back({"Last-Event-ID", cursor});
  request.allow_private = live.source.settings->allow_private;
  request.max_message_bytes = options_.max_event_bytes;
  const std::string url = request.url;
  auto socket = co_await http::WebSocket::open(executor_, http_options_, std::move(request));
  if (!socket) {
    ended.why = socket.error();
    co_return ended;
  }
  for (const auto& message : live.source.settings->subscribe) {
    const auto sent = co_await socket->send(with_cursor(message, cursor));
    if (!sent) {
      ended.why = sent.error();
      co_return ended;
    }
  }
  connected(live);
  for (;;) {
    const bool has_room = co_await room(live);
    if (!has_room) break;
    auto message = co_await socket->read();
    if (!message) {
      ended.why = message.error();
      co_return ended;
    }
    add(live, {"message", "", std::move(*message), url});
  }
  ended.why = co_await why_no_room();
  co_return ended;
}

Task<bool> Streams::room(Live& live) {
  while (!live.is_stuck && live.pending.size() >= kMaxPending) {
    live.taken.reset();
    const auto cancelled = co_await live.taken.wait();
    if (cancelled) co_return false;
  }
  while (store_.pressure() >= 1) {
    const auto cut_short = co_await loop::sleep_for(kPressureCheck);
    if (cut_short) co_return false;
  }
  co_return !live.is_stuck;
}

void Streams::add(Live& live, StreamEvent event) {
  live.pending.push_back(std::move(event));
  if (std::exchange(live.is_taking, true)) return;
  live.scope.spawn("push.take", take(live));
}

// Takes what has gathered while the last batch was on its way.
Task<> Streams::take(Live& live) {
  struct Done {
    Live& live;
    ~Done() {
      live.is_taking = false;
      live.taken.set();
    }
  } done{live};
  while (!live.pending.empty()) {
    std::vector<StreamEvent> batch;
    const std::size_t count = std::min(live.pending.size(), kMaxBatch);
    batch.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      batch.push_back(std::move(live.pending.front()));
      live.pending.pop_front();
    }
    live.taken.set();
    std::string id = live.source.id;
    const auto taken = co_await calls_.take(std::move(id), std::move(batch));
    if (taken) {
      live.was_good = true;
      live.events += count;
      events_.add(count);
      live.recall.brought(taken->shown, taken->fresh);
    } else if (taken.error().code() == Errc::invalid) {
      unreadable_.add();
      log_.debug("{}: {}", live.source.id, taken.error().message());
    } else {
      live.is_stuck = true;
      live.pending.clear();
      co_return;
    }
  }
}

void Streams::found(const std::string& source_id, const Taken& taken) {
  const auto at = live_.find(source_id);
  if (at == live_.end()) return;
  Live& live = *at->second;
  const Time now = system_now();
  live.recall.settle(now, options_.late);
  if (live.is_up && live.polled && live.up_since && *live.up_since <= *live.polled) live.recall.expect(taken.fresh, now);
  live.polled = now;
}

double Streams::recall(const std::string& source_id) const {
  const auto at = live_.find(source_id);
  return at != live_.end() && at->second->is_up ? at->second->recall.proven() : 0;
}

json::value Streams::report(const std::string& source_id) const {
  const auto at = live_.find(source_id);
  if (at == live_.end()) return nullptr;
  const Live& live = *at->second;
  json::array all;
  all.push_back(json::object{{"kind", live.source.settings->stream == model::StreamKind::sse ? "SSE" : "WebSocket"},
                             {"hub", live.source.url},
                             {"state", live.is_up ? "active" : live.is_over ? "ended" : "waiting"},
                             {"since", model::to_json(live.up_since)},
                             {"next", model::to_json(live.next_attempt)},
                             {"events", live.events},
                             {"failures", live.reconnect.failures()},
                             {"recall", live.recall.mean()},
                             {"proven_recall", live.recall.proven()},
                             {"last_error", live.trouble}});
  return all;
}

}  // namespace tidings::push
