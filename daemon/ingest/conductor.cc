#include "ingest/conductor.h"

#include <algorithm>
#include <utility>

#include "ingest/events.h"
#include "ingest/source_report.h"
#include "loop/timeout.h"

namespace tidings::ingest {
namespace {

// Under backpressure polls go on at this pace until the outbox is short again.
constexpr double kSlowDown = 0.8;
// A poll that starts later than this after it was due was held.
constexpr Seconds kPrompt(1);
constexpr std::chrono::milliseconds kPressureCheck(200);

// A source that only moved to another line of its file is the same.
bool same_but_for_place(model::Source a, const model::Source& b) {
  a.origin = b.origin;
  return a == b;
}

// A child makes its requests itself: no host is counted for it.
std::string host_of(const Source& source) {
  if (source.child) return {};
  const std::string host = schedule::politeness_key(source.url());
  return host.empty() ? source.config->id : host;
}

}  // namespace

Conductor::Conductor(asio::any_io_executor executor, Rooms rooms, Options options, schedule::Options schedule_options,
                     normalize::Options normalize_options, dedup::Options dedup_options, MakeInstance make_instance)
    : executor_(executor),
      rooms_(rooms),
      options_(options),
      schedule_options_(schedule_options),
      make_instance_(std::move(make_instance)),
      poller_(executor, rooms, options, std::move(normalize_options), std::move(dedup_options)),
      dispatcher_(schedule_options),
      log_(options.max_poll_log),
      polls_(executor, rooms.log),
      timer_(executor) {}

Conductor::~Conductor() = default;

void Conductor::restore(std::vector<store::SourceState> states) {
  for (auto& state : states) {
    std::string id = state.id;
    restored_.insert_or_assign(std::move(id), std::move(state));
  }
}

void Conductor::apply(const std::vector<model::SharedSource>& sources) {
  std::map<std::string_view, model::SharedSource> wanted;
  for (const auto& source : sources) wanted.insert_or_assign(source->id, source);
  std::vector<std::shared_ptr<Source>> gone;
  for (const auto& [id, source] : by_id_) {
    const auto still = wanted.find(id);
    if (still == wanted.end()) {
      gone.push_back(source);
    } else if (same_but_for_place(*still->second, *source->config)) {
      source->config = still->second;
      wanted.erase(still);
    } else {
      // What was learnt goes on under the new configuration; another URL is another document.
      store::SourceState state = source->saved();
      if (still->second->url != source->config->url) {
        state.etag.clear();
        state.last_modified.clear();
        state.url.clear();
        state.body_hash = 0;
        if (source->config->stream != model::StreamKind::none) state.cursor.clear();
      }
      restored_.insert_or_assign(id, std::move(state));
      gone.push_back(source);
    }
  }
  for (const auto& source : gone) remove(*source);
  dispatcher_.begin(wanted.size(), system_now());
  for (const auto& [id, config] : wanted) add(config);
  wake();
}

void Conductor::add(model::SharedSource config) {
  auto source = std::make_shared<Source>(std::move(config));
  if (const auto learnt = restored_.find(source->config->id); learnt != restored_.end()) {
    source->restore(std::move(learnt->second));
    restored_.erase(learnt);
  }
  if (const auto made = make_instance_(*source); !made) {
    rooms_.log.error("{}: left out: {}", source->config->id, made.error().message());
    return;
  }
  source->host = host_of(*source);
  if (free_slots_.empty()) {
    source->slot = static_cast<schedule::Queue::Id>(by_slot_.size());
    by_slot_.push_back(source);
  } else {
    source->slot = free_slots_.back();
    free_slots_.pop_back();
    by_slot_[source->slot] = source;
  }
  by_id_.insert_or_assign(source->config->id, source);
  if (source->is_polled()) schedule_first(*source, system_now());
}

void Conductor::schedule_first(Source& source, Time now) {
  const auto decision = dispatcher_.add(source.slot, source.schedule, source.address(), now);
  source.state.why = schedule::to_words(decision);
  if (decision.stop) {
    source.state.next_poll.reset();
    return;
  }
  source.unconditional = decision.unconditional;
  source.state.next_poll = decision.at;
}

void Conductor::remove(Source& source) {
  if (source.is_polled()) dispatcher_.remove(source.slot, source.address());
  source.removed = true;
  by_slot_[source.slot].reset();
  free_slots_.push_back(source.slot);
  const std::string id = source.config->id;
  by_id_.erase(id);
}

Task<> Conductor::run() {
  while (!stopping_) {
    const Time now = system_now();
    const double pressure = rooms_.store.pressure();
    if (pressure < 1) start_due(now);
    const Pace pace = pressure >= 1 ? Pace::stopped : pressure >= kSlowDown ? Pace::slow : Pace::free;
    if (pace != std::exchange(pace_, pace)) {
      if (pace == Pace::free) {
        rooms_.log.info("the outbox has room again: polling goes on");
      } else {
        rooms_.log.warning("the outbox is {:.0f} % full: polling {}", pressure * 100, pace == Pace::slow ? "slows" : "stops");
      }
    }
    next_look_ = Time::max();
    if (pace != Pace::free) {
      next_look_ = now + kPressureCheck;
    } else if (const auto wake_at = dispatcher_.wake_at(); wake_at && polls_.size() < options_.max_polls) {
      next_look_ = *wake_at;
    }
    if (next_look_ == Time::max()) {
      timer_.expires_at(asio::steady_timer::time_point::max());
    } else {
      timer_.expires_after(std::max(Micros(0), next_look_ - system_now()));
    }
    const auto [error] = co_await timer_.async_wait(use_task);
    if (error && (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return;
  }
}

void Conductor::start_due(Time now) {
  // Under pressure one poll at a time keeps the sources' state fresh while the outbox drains.
  const std::size_t most = rooms_.store.pressure() >= kSlowDown ? std::min<std::size_t>(1, options_.max_polls) : options_.max_polls;
  while (polls_.size() < most) {
    const auto slot = dispatcher_.next(now, [this](schedule::Queue::Id id) { return by_slot_[id]->address(); });
    if (!slot) return;
    const std::shared_ptr<Source>& source = by_slot_[*slot];
    source->polling = true;
    source->started = now;
    source->due = source->state.next_poll.value_or(now);
    source->held = dispatcher_.held(*slot);
    if (source->held.empty() && now - source->due > kPrompt) source->held = "the budget, or as many polls under way as are allowed";
    polls_.spawn(source->config->id, poll(source));
  }
}

Task<> Conductor::poll(std::shared_ptr<Source> source) {
  // A reload may give the source another meanwhile.
  const model::SharedSource config = source->config;
  // What the dispatcher was told of when it gave leave, although the poll may show another host.
  const std::string host = source->host;
  const std::string led_to = source->led_to;
  schedule::Address address{host, led_to, config->language, &source->schedule};
  bool decided = false;
  const auto decide = [&](const schedule::Poll& outcome) {
    decided = true;
    const Time now = system_now();
    if (rooms_.channels.recall) address.push_recall = rooms_.channels.recall(source->config->id);
    const auto decision = dispatcher_.answered(source->slot, source->schedule, address, outcome, now);
    log_poll(*source, outcome, now);
    source->allowed_from = decision.earliest;
    source->state.why = schedule::to_words(decision);
    source->unconditional = decision.unconditional;
    source->state.next_poll = decision.stop ? OptionalTime() : OptionalTime(decision.at);
  };
  co_await poller_.poll(*source, decide);
  if (!decided) dispatcher_.abandoned(address, system_now());
  source->polling = false;
  if (decided && source->state.next_poll && !source->removed) dispatcher_.release(source->slot, *source->state.next_poll);
  if (std::exchange(source->poll_again, false) && !source->removed) poll_now(source->config->id);
  // To move the timer costs a system call.
  if (const auto wake_at = dispatcher_.wake_at(); wake_at && *wake_at < next_look_) wake();
}

Task<Result<push::Taken>> Conductor::push(std::string id, http::Response document) {
  auto given = std::make_shared<plugin::Response>();
  given->status = document.status;
  given->url = std::move(document.url);
  given->headers = std::move(document.headers);
  given->body = std::move(document.body);
  Poller::Read read = [given](plugin::Instance& instance, const plugin::TakeEntry& take) { return instance.parse(*given, take); };
  co_return co_await push(std::move(id), std::move(read));
}

Task<Result<push::Taken>> Conductor::push(std::string id, std::vector<plugin::Event> events) {
  const auto given = std::make_shared<const std::vector<plugin::Event>>(std::move(events));
  Poller::Read read = [given](plugin::Instance& instance, const plugin::TakeEntry& take) {
    auto document = read_events(instance, *given);
    if (document) {
      for (const auto& entry : document->entries) take(entry);
    }
    return document;
  };
  co_return co_await push(std::move(id), std::move(read));
}

Task<Result<push::Taken>> Conductor::push(std::string id, Poller::Read read) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end() || !at->second->instance) co_return Error(Errc::not_found, "there is no such source");
  if (stopping_) co_return Error(Errc::cancelled, "we are stopping");
  const std::shared_ptr<Source> source = at->second;
  struct Count {
    std::size_t& n;
    explicit Count(std::size_t& count) : n(++count) {}
    ~Count() { --n; }
  } count(pushing_);
  co_return co_await poller_.push(*source, std::move(read));
}

void Conductor::poll_now(const std::string& id) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return;
  Source& source = *at->second;
  if (!source.is_polled() || source.schedule.stopped() || source.schedule.failures() > 0) return;
  if (source.polling) {
    source.poll_again = true;
    return;
  }
  source.state.next_poll = system_now();
  source.state.why = "a push told of news";
  dispatcher_.release(source.slot, *source.state.next_poll);
  wake();
}

const model::Source* Conductor::config(const std::string& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second->config.get();
}

std::string Conductor::cursor(const std::string& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? std::string() : at->second->state.cursor;
}

void Conductor::log_poll(Source& source, const schedule::Poll& outcome, Time now) {
  PollRecord record;
  record.due = source.due;
  record.started = source.started;
  record.ended = now;
  record.status = outcome.status;
  record.entries = outcome.window_entries;
  record.new_items = outcome.new_items;
  record.requests = outcome.requests + outcome.requests_elsewhere;
  record.conditional = outcome.conditional;
  record.gap = outcome.gap;
  record.why = source.state.why;
  record.held = source.held;
  record.trouble = source.state.last_error;
  source.last_poll = log_.add(source.last_poll, std::move(record));
}

Task<> Conductor::stop() {
  stopping_ = true;
  wake();
  const auto deadline = std::chrono::steady_clock::now() + options_.grace_period;
  while (polls_.size() + pushing_ > 0 && std::chrono::steady_clock::now() < deadline) {
    const error_code cut_short = co_await loop::sleep_for(std::chrono::milliseconds(10));
    if (cut_short) break;
  }
  polls_.stop();
  co_await polls_.join();
  for (const auto& [id, source] : by_id_) {
    if (source->child) co_await source->child->stop();
  }
}

json::object Conductor::report_of(const Source& source) const {
  json::object report = source_report(source, dispatcher_);
  report["push"] = rooms_.channels.report ? rooms_.channels.report(source.config->id) : json::value();
  return report;
}

json::array Conductor::report() const {
  json::array all;
  for (const auto& [id, source] : by_id_) all.push_back(report_of(*source));
  return all;
}

json::value Conductor::report(const std::string& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? json::value() : json::value(report_of(*at->second));
}

json::value Conductor::why(const std::string& id, std::size_t polls) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return nullptr;
  json::array last;
  for (const PollRecord* record : log_.of(at->second->last_poll, polls)) last.push_back(to_json(*record));
  json::object why = report_of(*at->second);
  why["schedule"] = schedule_report(*at->second, dispatcher_, system_now());
  why["last_polls"] = std::move(last);
  return why;
}

}  // namespace tidings::ingest
