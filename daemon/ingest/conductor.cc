#include "ingest/conductor.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <span>
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
// A source whose state cannot be read is polled later.
constexpr std::chrono::minutes kPutOff(1);
// The store is asked for so many schedules at a time, that polls begin meanwhile.
constexpr std::size_t kSchedulesAtOnce = 1000;

// A source that only moved to another line of its file is the same.
bool same_but_for_place(model::Source a, const model::Source& b) {
  a.origin = b.origin;
  return a == b;
}

// A child makes its requests itself: no host is counted for it.
std::string host_of(const model::Source& config, const std::string& moved_to) {
  if (config.settings->plugin == "exec") return {};
  const std::string host = schedule::politeness_key(polled_url(config, moved_to));
  return host.empty() ? config.id : host;
}

std::vector<std::shared_ptr<Source>> one_or_none(std::shared_ptr<Source> source) {
  std::vector<std::shared_ptr<Source>> found;
  if (source) found.push_back(std::move(source));
  return found;
}

Error no_source(const std::string& id) { return Error(Errc::not_found, "there is no source '" + id + "'"); }

}  // namespace

Conductor::Conductor(asio::any_io_executor executor, Rooms rooms, Options options, schedule::Options schedule_options,
                     normalize::Options normalize_options, dedup::Options dedup_options, MakeFetcher make_fetcher)
    : executor_(executor),
      rooms_(rooms),
      options_(options),
      poller_(executor, rooms, options, std::move(normalize_options), std::move(dedup_options)),
      sources_(rooms.store, std::move(make_fetcher), options.max_idle_sources, rooms.metrics),
      dispatcher_(schedule_options),
      log_(options.max_poll_log),
      polls_(executor, rooms.log),
      scheduling_(executor, rooms.log),
      timer_(executor) {}

Conductor::~Conductor() = default;

void Conductor::apply(const std::vector<model::SharedSource>& sources) {
  boost::unordered_flat_map<std::string_view, const model::SharedSource*> wanted(sources.size());
  for (const auto& source : sources) wanted.insert_or_assign(source->id, &source);
  const std::size_t count = wanted.size();
  boost::unordered_flat_set<std::string_view> changed;
  for (const auto& source : sources_.by_id()) {
    const auto still = wanted.find(source->config->id);
    if (still != wanted.end() && same_but_for_place(**still->second, *source->config)) {
      source->config = *still->second;
      wanted.erase(still);
    } else {
      if (still != wanted.end()) changed.insert(still->first);
      remove(source);
    }
  }
  dispatcher_.begin(count, system_now());
  std::vector<std::shared_ptr<Source>> going_on;
  std::vector<std::shared_ptr<Source>> starting;
  const bool first = !std::exchange(applied_, true);
  for (const auto& config : sources) {
    if (const auto found = wanted.find(config->id); found == wanted.end() || found->second != &config) continue;
    auto source = sources_.add(config);
    if (source) {
      (first || changed.contains(config->id) ? going_on : starting).push_back(std::move(*source));
    } else {
      rooms_.log.error("{}: left out: {}", config->id, source.error().message());
    }
  }
  if (!going_on.empty()) scheduling_.spawn("schedule", schedule_new(std::move(going_on), Entry::goes_on));
  if (!starting.empty()) scheduling_.spawn("schedule", schedule_new(std::move(starting), Entry::starts));
  wake();
}

// The time of a source's first poll follows from what the store knows of it.
Task<> Conductor::schedule_new(std::vector<std::shared_ptr<Source>> sources, Entry entry) {
  for (std::size_t begin = 0; begin < sources.size(); begin += kSchedulesAtOnce) {
    const std::span page(sources.begin() + static_cast<std::ptrdiff_t>(begin), std::min(kSchedulesAtOnce, sources.size() - begin));
    std::vector<std::string> ids;
    ids.reserve(page.size());
    for (const auto& source : page) ids.push_back(source->config->id);
    auto stored = co_await rooms_.store.find_schedules(std::move(ids));
    if (!stored) {
      if (stopping_) co_return;
      rooms_.log.error("when the sources are polled cannot be read: {}", stored.error().message());
      rooms_.fatal(stored.error());
      co_return;
    }
    const Time now = system_now();
    for (std::size_t i = 0; i < page.size(); ++i) {
      if (!page[i]->removed) schedule_first(*page[i], (*stored)[i].value_or(store::SourceSchedule()), entry, now);
    }
    wake();
  }
}

void Conductor::schedule_first(Source& source, const store::SourceSchedule& stored, Entry entry, Time now) {
  source.restore(stored.schedule);
  if (entry == Entry::starts) {
    // Who left may have been forgotten elsewhere, such as its hubs, which its document names.
    source.schedule.restart();
    source.anew = true;
  }
  const bool same_url = !source.anew && (stored.url_hash == 0 || stored.url_hash == url_hash_of(*source.config));
  source.host = host_of(*source.config, same_url ? stored.url : std::string());
  if (!source.is_polled()) return;
  const auto decision = dispatcher_.add(source.slot, source.schedule, source.address(), now);
  source.scheduled = true;
  if (decision.stop) return;
  source.called = schedule::kFirstPoll;
  source.unconditional = decision.unconditional;
  if (std::exchange(source.poll_again, false)) poll_now(source.config->id);
}

void Conductor::remove(const std::shared_ptr<Source>& source) {
  if (source->scheduled) dispatcher_.remove(source->slot, source->address());
  sources_.remove(source);
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
    const auto slot = dispatcher_.next(now, [this](schedule::Queue::Id id) { return sources_.at(id)->address(); });
    if (!slot) return;
    const std::shared_ptr<Source>& source = sources_.at(*slot);
    source->polling = true;
    Start start{source->schedule.due(), now, dispatcher_.held(*slot), source->called};
    if (start.held.empty() && now - start.due > kPrompt) start.held = "the budget, or as many polls under way as are allowed";
    polls_.spawn(source->config->id, poll(source, start));
  }
}

Task<> Conductor::poll(std::shared_ptr<Source> source, Start start) {
  // A reload may give the source another meanwhile.
  const model::SharedSource config = source->config;
  // What the dispatcher was told of when it gave leave, although the poll may show another host.
  const std::string host = source->host;
  const std::string led_to = source->led_to;
  schedule::Address address{host, led_to, config->settings->language, &source->schedule};
  bool decided = false;
  const auto decide = [&](const schedule::Poll& outcome) {
    decided = true;
    const Time now = system_now();
    if (rooms_.channels.recall) address.push_recall = rooms_.channels.recall(config->id);
    const auto decision = dispatcher_.answered(source->slot, source->schedule, address, outcome, now);
    log_poll(*source, outcome, start, now);
    source->allowed_from = decision.earliest;
    source->called = nullptr;
    source->learnt->state.why = schedule::to_words(decision);
    source->unconditional = decision.unconditional;
    source->learnt->state.next_poll = decision.stop ? OptionalTime() : OptionalTime(decision.at);
  };
  const Sources::Use use(sources_, source);
  const auto awake = co_await sources_.wake(*source);
  if (awake) {
    co_await poller_.poll(*source, decide);
  } else {
    put_off(*source, awake.error());
  }
  if (!decided) dispatcher_.abandoned(address, system_now());
  source->polling = false;
  const bool again = !source->removed && (decided || !awake) && !source->schedule.stopped();
  if (again) dispatcher_.release(source->slot, source->schedule.due());
  if (std::exchange(source->poll_again, false) && !source->removed) poll_now(config->id);
  // To move the timer costs a system call.
  if (const auto wake_at = dispatcher_.wake_at(); wake_at && *wake_at < next_look_) wake();
}

void Conductor::put_off(Source& source, const Error& error) {
  if (stopping_) return;
  rooms_.log.error("{}: cannot be polled now: {}", source.config->id, error.message());
  source.called = "its state could not be read";
  source.schedule.postpone(system_now() + kPutOff);
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
  const std::shared_ptr<Source> source = sources_.find(id);
  if (!source) co_return no_source(id);
  if (stopping_) co_return Error(Errc::cancelled, "we are stopping");
  struct Count {
    std::size_t& n;
    explicit Count(std::size_t& count) : n(++count) {}
    ~Count() { --n; }
  } count(pushing_);
  const Sources::Use use(sources_, source);
  const auto awake = co_await sources_.wake(*source);
  if (!awake) co_return awake.error();
  if (!source->learnt->fetcher.instance) co_return Error(Errc::not_found, "the source takes no documents");
  co_return co_await poller_.push(*source, std::move(read));
}

void Conductor::poll_now(const std::string& id) {
  const auto source = sources_.find(id);
  if (!source || !source->is_polled() || source->schedule.stopped() || source->schedule.failures() > 0) return;
  if (source->polling || !source->scheduled) {
    source->poll_again = true;
    return;
  }
  source->called = "a push told of news";
  source->schedule.postpone(system_now());
  dispatcher_.release(source->slot, source->schedule.due());
  wake();
}

const model::Source* Conductor::config(const std::string& id) const {
  const auto source = sources_.find(id);
  return source ? source->config.get() : nullptr;
}

Task<Result<std::string>> Conductor::cursor(std::string id) {
  const auto source = sources_.find(id);
  if (!source) co_return std::string();
  const Sources::Use use(sources_, source);
  const auto awake = co_await sources_.wake(*source);
  if (!awake) co_return awake.error();
  co_return source->learnt->state.cursor;
}

void Conductor::log_poll(Source& source, const schedule::Poll& outcome, const Start& start, Time now) {
  PollRecord record;
  record.due = start.due;
  record.started = start.started;
  record.ended = now;
  record.status = outcome.status;
  record.entries = outcome.window_entries;
  record.new_items = outcome.new_items;
  record.requests = outcome.requests + outcome.requests_elsewhere;
  record.conditional = outcome.conditional;
  record.gap = outcome.gap;
  record.why = start.called != nullptr ? start.called : source.learnt->state.why;
  record.held = start.held;
  record.trouble = source.learnt->state.last_error;
  source.last_poll = log_.add(source.last_poll, std::move(record));
}

Task<> Conductor::stop() {
  stopping_ = true;
  wake();
  scheduling_.stop();
  co_await scheduling_.join();
  const auto deadline = std::chrono::steady_clock::now() + options_.grace_period;
  while (polls_.size() + pushing_ > 0 && std::chrono::steady_clock::now() < deadline) {
    const error_code cut_short = co_await loop::sleep_for(std::chrono::milliseconds(10));
    if (cut_short) break;
  }
  polls_.stop();
  co_await polls_.join();
  sources_.save();
  for (const auto& source : sources_.with_children()) co_await source->learnt->fetcher.child->stop();
}

json::object Conductor::report_of(const Source& source, const Learnt& learnt) const {
  json::object report = source_report(source, learnt, dispatcher_);
  report["push"] = rooms_.channels.report ? rooms_.channels.report(source.config->id) : json::value();
  return report;
}

Task<Result<json::value>> Conductor::report() {
  json::array all;
  const auto add = [&](const Source& source, const Learnt& learnt) { all.push_back(report_of(source, learnt)); };
  const auto seen = co_await sources_.visit(sources_.by_id(), add);
  if (!seen) co_return seen.error();
  co_return json::value(std::move(all));
}

Task<Result<json::value>> Conductor::report(std::string id) {
  json::value told;
  const auto tell = [&](const Source& source, const Learnt& learnt) { told = report_of(source, learnt); };
  const auto seen = co_await sources_.visit(one_or_none(sources_.find(id)), tell);
  if (!seen) co_return seen.error();
  if (told.is_null()) co_return no_source(id);
  co_return told;
}

Task<Result<json::value>> Conductor::why(std::string id, std::size_t polls) {
  json::value told;
  const auto tell = [&](const Source& source, const Learnt& learnt) {
    json::array last;
    for (const PollRecord* record : log_.of(source.last_poll, polls)) last.push_back(to_json(*record));
    json::object why = report_of(source, learnt);
    why["schedule"] = schedule_report(source, learnt, dispatcher_, system_now());
    why["last_polls"] = std::move(last);
    told = std::move(why);
  };
  const auto seen = co_await sources_.visit(one_or_none(sources_.find(id)), tell);
  if (!seen) co_return seen.error();
  if (told.is_null()) co_return no_source(id);
  co_return told;
}

}  // namespace tidings::ingest
