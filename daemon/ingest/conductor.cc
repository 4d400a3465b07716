#include "ingest/conductor.h"

#include <algorithm>
#include <utility>

#include "base/url.h"
#include "loop/timeout.h"
#include "model/item_json.h"

namespace tidings::ingest {
namespace {

// Under backpressure polls go on at this pace until the outbox is short again.
constexpr double kSlowDown = 0.8;
constexpr std::chrono::milliseconds kPressureCheck(200);

// A source that only moved to another line of its file is the same.
bool same_but_for_place(model::Source a, const model::Source& b) {
  a.origin = b.origin;
  return a == b;
}

std::string host_of(const model::Source& source) {
  const auto url = parse_url(source.url);
  return url && !url->host.empty() ? registrable_domain(url->host) : source.id;
}

}  // namespace

Conductor::Conductor(asio::any_io_executor executor, Rooms rooms, Options options, schedule::Options schedule_options,
                     normalize::Options normalize_options, dedup::Options dedup_options, MakeInstance make_instance)
    : executor_(executor),
      rooms_(rooms),
      options_(options),
      schedule_options_(schedule_options),
      make_instance_(std::move(make_instance)),
      poller_(rooms, options, std::move(normalize_options), std::move(dedup_options)),
      hosts_(schedule_options),
      polls_(executor, rooms.log),
      timer_(executor) {}

Conductor::~Conductor() = default;

void Conductor::restore(std::vector<store::SourceState> states) {
  for (auto& state : states) {
    std::string id = state.id;
    restored_.insert_or_assign(std::move(id), std::move(state));
  }
}

void Conductor::apply(std::vector<model::Source> sources) {
  std::map<std::string, model::Source, std::less<>> wanted;
  for (auto& source : sources) {
    std::string id = source.id;
    wanted.insert_or_assign(std::move(id), std::move(source));
  }
  std::vector<std::shared_ptr<Source>> gone;
  for (const auto& [id, source] : by_id_) {
    const auto still = wanted.find(id);
    if (still == wanted.end()) {
      gone.push_back(source);
    } else if (same_but_for_place(still->second, source->config)) {
      source->config.origin = still->second.origin;
      wanted.erase(still);
    } else {
      // What was learnt goes on under the new configuration; another URL is another document.
      store::SourceState state = source->state;
      if (still->second.url != source->config.url) {
        state.etag.clear();
        state.last_modified.clear();
        state.url.clear();
        state.body_hash = 0;
      }
      state.schedule = source->schedule.save();
      state.seen = source->seen.save();
      restored_.insert_or_assign(id, std::move(state));
      gone.push_back(source);
    }
  }
  for (const auto& source : gone) remove(*source);
  if (!budget_) budget_ = std::make_unique<schedule::Budget>(schedule_options_, wanted.size(), system_now());
  for (auto& [id, config] : wanted) add(std::move(config));
  wake();
}

void Conductor::add(model::Source config) {
  auto source = std::make_shared<Source>(std::move(config));
  source->host = host_of(source->config);
  if (const auto learnt = restored_.find(source->config.id); learnt != restored_.end()) {
    source->state = std::move(learnt->second);
    restored_.erase(learnt);
    source->schedule.load(source->state.schedule);
    source->seen.load(source->state.seen);
    source->state.seen.clear();
  }
  if (const auto made = make_instance_(*source); !made) {
    rooms_.log.error("{}: left out: {}", source->config.id, made.error().message());
    return;
  }
  if (free_slots_.empty()) {
    source->slot = static_cast<schedule::Queue::Id>(by_slot_.size());
    by_slot_.push_back(source);
  } else {
    source->slot = free_slots_.back();
    free_slots_.pop_back();
    by_slot_[source->slot] = source;
  }
  by_id_.insert_or_assign(source->config.id, source);
  schedule_first(*source, system_now());
}

void Conductor::schedule_first(Source& source, Time now) {
  const auto decision = source.schedule.start(now, budget_->first_spread(), conditions(source));
  source.state.why = schedule::to_words(decision);
  if (decision.stop) {
    source.state.next_poll.reset();
    return;
  }
  source.unconditional = decision.unconditional;
  source.state.next_poll = decision.at;
  queue_.reschedule(source.slot, decision.at);
}

void Conductor::remove(Source& source) {
  queue_.remove(source.slot);
  source.removed = true;
  by_slot_[source.slot].reset();
  free_slots_.push_back(source.slot);
  const std::string id = source.config.id;
  by_id_.erase(id);
}

schedule::Conditions Conductor::conditions(const Source& source) const {
  schedule::Conditions now{schedule_options_};
  if (budget_) now.kappa = budget_->kappa();
  now.host_rate_limited = hosts_.rate_limited(source.host);
  return now;
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
    } else if (const auto due = queue_.next_due(); due && polls_.size() < options_.max_polls) {
      next_look_ = std::max(*due, budget_->next_free());
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
    const auto next = queue_.next_due();
    if (!next || *next > now || !budget_->ready(now)) return;
    const auto slot = queue_.pop_due(now);
    const std::shared_ptr<Source>& source = by_slot_[*slot];
    if (!source || source->polling || !admit(*source, now)) continue;
    source->polling = true;
    polls_.spawn(source->config.id, poll(source));
  }
}

// The host's and the budget's leave for one poll; without it the source is due again when they have room.
bool Conductor::admit(Source& source, Time now) {
  if (!source.child) {
    const auto admission = hosts_.ask(source.host, now, source.waited);
    if (!admission.granted) {
      source.waited = true;
      queue_.reschedule(source.slot, admission.retry_at);
      return false;
    }
    source.waited = false;
  }
  if (!budget_->take(now)) {
    if (!source.child) hosts_.done(source.host, now, false, std::nullopt);
    queue_.reschedule(source.slot, budget_->next_free());
    return false;
  }
  return true;
}

Task<> Conductor::poll(std::shared_ptr<Source> source) {
  bool decided = false;
  const auto decide = [&](const schedule::Poll& outcome) {
    decided = true;
    const Time now = system_now();
    const bool rate_limited = outcome.status == 429;
    if (!source->child) hosts_.done(source->host, now, rate_limited, rate_limited ? outcome.headers.retry_after(now) : std::nullopt);
    const auto decision = source->schedule.next(outcome, now, conditions(*source));
    source->state.schedule = source->schedule.save();
    source->state.why = schedule::to_words(decision);
    source->unconditional = decision.unconditional;
    source->state.next_poll = decision.stop ? OptionalTime() : OptionalTime(decision.at);
    if (!decision.stop && !source->removed) queue_.reschedule(source->slot, decision.at);
  };
  co_await poller_.poll(*source, decide);
  if (!decided && !source->child) hosts_.done(source->host, system_now(), false, std::nullopt);
  source->polling = false;
  // To move the timer costs a system call.
  if (const auto due = queue_.next_due(); due && *due < next_look_) wake();
}

Task<> Conductor::stop() {
  stopping_ = true;
  wake();
  const auto deadline = std::chrono::steady_clock::now() + options_.grace_period;
  while (polls_.size() > 0 && std::chrono::steady_clock::now() < deadline) {
    if (co_await loop::sleep_for(std::chrono::milliseconds(10))) break;
  }
  polls_.stop();
  co_await polls_.join();
  for (const auto& [id, source] : by_id_) {
    if (source->child) co_await source->child->stop();
  }
}

json::array Conductor::report() const {
  json::array all;
  for (const auto& [id, source] : by_id_) all.push_back(report(id));
  return all;
}

json::value Conductor::report(const std::string& id) const {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return nullptr;
  const Source& source = *at->second;
  const store::SourceState& state = source.state;
  const char* condition = source.schedule.stopped()   ? "gone"
                          : source.polling            ? "polling"
                          : !state.last_error.empty() ? "failing"
                          : state.polls == 0          ? "waiting"
                                                      : "ok";
  const auto time = [](const OptionalTime& t) { return t ? json::value(model::to_rfc3339(*t)) : json::value(); };
  return json::object{{"id", id},
                      {"name", source.name()},
                      {"url", source.url()},
                      {"plugin", source.config.plugin},
                      {"state", condition},
                      {"last_poll", time(state.last_poll)},
                      {"last_success", time(state.last_success)},
                      {"next_poll", time(state.next_poll)},
                      {"reason", state.why},
                      {"last_status", state.last_status},
                      {"last_error", state.last_error},
                      {"polls", state.polls},
                      {"not_modified", state.not_modified},
                      {"failures", state.failures},
                      {"items", state.items},
                      {"updates", state.updates},
                      {"duplicates", state.duplicates},
                      {"bytes", state.bytes}};
}

}  // namespace tidings::ingest
