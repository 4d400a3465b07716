#include "service.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>

#include "config/diff.h"
#include "ingest/story_events.h"
#include "loop/timeout.h"
#include "plugin/exec_source.h"
#include "web/api.h"

namespace tidings {
namespace {

// The loop looks at itself this often; later than the second by so much, it is not healthy and the watchdog is not fed.
constexpr std::chrono::milliseconds kTick(250);
constexpr std::chrono::seconds kMaxLag(10);
// How often quiet stories are looked for.
constexpr std::chrono::minutes kQuietStories(1);

// Of a source's last polls, `tidings why` shows so many.
constexpr std::size_t kPollsShown = 50;

constexpr const char* kStreams[] = {"items", "duplicates", "stories", "sources", "alerts"};

std::size_t worker_count(const config::Config& config) {
  return config.ingest.workers > 0 ? config.ingest.workers : std::max(1u, std::thread::hardware_concurrency());
}

Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error(Errc::io, fmt::format("cannot make the state directory {}: {}", folder, error.message()));
  return {};
}

}  // namespace

Service::Service(asio::io_context& context, config::Config config, Load load, plugin::Plugins& plugins, Log log)
    : context_(context),
      config_(std::move(config)),
      load_(std::move(load)),
      plugins_(plugins),
      log_(std::move(log)),
      notify_(context),
      scope_(context.get_executor(), log_.room("daemon")),
      stopping_(context.get_executor(), log_.room("daemon")),
      pool_(worker_count(config_)),
      http_(context, config_.http, log_.room("http"), metrics_),
      dedup_(config_.dedup),
      publishing_(context.get_executor(), log_.room("publish")),
      last_tick_(std::chrono::steady_clock::now()) {}

Service::~Service() = default;

Result<void> Service::open() {
  if (const auto made = make_folder(config_.daemon.state_directory); !made) return made.error();
  auto store = store::Store::open(context_.get_executor(), config_.store, log_.room("store"), metrics_);
  if (!store) return store.error();
  store_ = std::move(*store);

  auto rules = alert::RuleIndex::build(config_.rules);
  if (!rules) return rules.error();
  watch_ = std::make_unique<alert::Watch>(config_.alert, std::move(*rules), metrics_);
  hooks_ = std::make_unique<alert::Hooks>(context_.get_executor(), *store_, http_, config_.hooks, config_.alert, metrics_, log_.room("alert"));

  for (const char* stream : kStreams) {
    publishers_.push_back(std::make_unique<publish::Publisher>(context_.get_executor(), stream, *store_, config_.publish,
                                                              config_.redis, metrics_, log_.room("publish")));
  }

  ingest::Rooms rooms{pool_, http_, *store_, dedup_, {}, {}, metrics_, log_.room("ingest"), {}};
  rooms.on_item = [this](const model::Item& item, const model::Verdict& verdict, store::Batch& batch) {
    watch_->look(item, verdict, system_now(), batch);
  };
  rooms.fatal = [this](const Error&) {
    exit_status_ = 1;
    begin_stop();
  };
  join_channels(rooms.channels);
  rooms_ = std::make_unique<ingest::Rooms>(rooms);
  conductor_ = std::make_unique<ingest::Conductor>(context_.get_executor(), std::move(rooms), config_.ingest, config_.schedule,
                                                   config_.normalize, config_.dedup,
                                                   [this](const model::Source& source) { return make_fetcher(source); });

  explainer_ = std::make_unique<ingest::Explainer>(*store_, dedup_, config_.normalize);
  if (!config_.web.listen.empty()) {
    web::Facts facts;
    facts.unhealthy = [this] { return unhealthy(); };
    facts.metrics = [this] { return metrics_.render(); };
    facts.status = [this] { return status(); };
    facts.sources = [this] { return conductor_->report(); };
    facts.source = [this](std::string id) { return conductor_->report(std::move(id)); };
    facts.why = [this](std::string id) { return conductor_->why(std::move(id), kPollsShown); };
    facts.explain = [this](std::string item) { return explainer_->explain(std::move(item)); };
    facts.compare = [this](std::string first, std::string second) { return explainer_->compare(std::move(first), std::move(second)); };
    facts.stories = [this](std::string sort, std::size_t limit) { return explainer_->stories(std::move(sort), limit); };
    facts.story = [this](std::string id) { return explainer_->story(std::move(id)); };
    facts.reload = [this] { return reload(); };
    web_ = std::make_unique<web::Server>(context_, scope_, config_.web, web::api(std::move(facts)), log_.room("web"));
  }
  open_streams();
  if (auto opened = open_push(); !opened) return opened.error();
  if (web_) {
    if (auto listening = web_->listen(); !listening) return listening.error();
  }
  observe();
  return {};
}

// What polls tell the channels that bring items without them, and what those have proven.
void Service::join_channels(ingest::Channels& channels) {
  channels.heard = [this](const std::string& id, push::Hints hints) { subscriber_->heard(id, std::move(hints)); };
  channels.found = [this](const std::string& id, const push::Taken& taken) {
    subscriber_->found(id, taken);
    streams_->found(id, taken);
  };
  channels.recall = [this](const std::string& id) { return std::max(subscriber_->recall(id), streams_->recall(id)); };
  channels.report = [this](const std::string& id) {
    json::value stream = streams_->report(id);
    return stream.is_null() ? subscriber_->report(id) : stream;
  };
}

void Service::open_streams() {
  push::StreamCalls calls;
  calls.source = [this](const std::string& id) { return conductor_->config(id); };
  calls.cursor = [this](std::string id) { return conductor_->cursor(std::move(id)); };
  calls.poll_now = [this](const std::string& id) { conductor_->poll_now(id); };
  calls.take = [this](std::string id, std::vector<push::StreamEvent> given) {
    std::vector<plugin::Event> events;
    events.reserve(given.size());
    for (auto& event : given) events.push_back({std::move(event.type), std::move(event.id), PaddedBytes(event.payload), std::move(event.url)});
    return conductor_->push(std::move(id), std::move(events));
  };
  streams_ = std::make_unique<push::Streams>(context_.get_executor(), http_, config_.http, *store_, config_.push, std::move(calls), metrics_, log_.room("push"));
}

// Hubs: who asks them, and where they reach us.
Result<void> Service::open_push() {
  push::Calls calls;
  calls.source = [this](const std::string& id) { return conductor_->config(id); };
  calls.take = [this](std::string id, http::Response document) { return conductor_->push(std::move(id), std::move(document)); };
  calls.poll_now = [this](const std::string& id) { conductor_->poll_now(id); };
  const Log log = log_.room("push");
  subscriber_ = std::make_unique<push::Subscriber>(context_.get_executor(), http_, *store_, config_.push, config_.schedule, std::move(calls), metrics_, log);
  if (!subscriber_->is_on()) log.info("hubs are not subscribed to: push.public_url is not set");
  const auto answer = [this](web::Request request) { return subscriber_->answer(std::move(request)); };
  const auto not_here = [](web::Request) -> Task<web::Response> {
    web::Response response;
    response.status = 404;
    co_return response;
  };
  if (config_.push.listen.empty()) {
    if (web_) {
      web_->route("/push/", config_.push.max_body_bytes, answer);
    } else if (subscriber_->is_on()) {
      return Error(Errc::invalid, "push.public_url is set, but hubs have nowhere to call: set push.listen or web.listen");
    }
    return {};
  }
  web::Options options = config_.web;
  options.listen = config_.push.listen;
  callbacks_ = std::make_unique<web::Server>(context_, scope_, options, not_here, log);
  callbacks_->route("/push/", config_.push.max_body_bytes, answer);
  return callbacks_->listen();
}

int Service::run() {
  loop::Signals::Calls calls;
  calls.stop = [this] { begin_stop(); };
  calls.hurry = [this] {
    log_.room("daemon").warning("a second signal: ending at once, what is not published yet waits in the store");
    ::_exit(1);
  };
  calls.reload = [this] {
    notify_.reloading();
    if (const auto changed = reload(); !changed) log_.room("config").error("nothing is changed: {}", changed.error().message());
    notify_.ready("running");
  };
  signals_ = std::make_unique<loop::Signals>(context_, std::move(calls));
  scope_.spawn("start", start());
  scope_.spawn("tick", lag());
  context_.run();
  return exit_status_;
}

Task<> Service::start() {
  const Log log = log_.room("daemon");
  const auto since = system_now() - config_.dedup.window;
  notify_.extend_timeout(std::chrono::minutes(2));
  std::uint64_t broken = 0;
  auto remember = [this, &broken](store::StoredItem&& item) {
    if (!dedup_.restore(item.memory)) ++broken;
  };
  const auto restored = co_await store_->for_each_memory(since, remember);
  dedup_.restored();
  if (!restored) {
    log.error("the store cannot be read: {}", restored.error().message());
    exit_status_ = 1;
    begin_stop();
    co_return;
  }
  if (broken > 0) log.warning("{} remembered items could not be read: copies of them will count as new", broken);
  auto channels = co_await store_->load_channels();
  if (!channels) log.error("what is known of hubs cannot be read: {}", channels.error().message());
  co_await watch_->restore(*store_);
  conductor_->apply(config_.sources);
  if (channels) {
    streams_->restore(*channels);
    subscriber_->restore(std::move(*channels));
  }
  subscriber_->apply();
  streams_->apply(config_.sources);
  for (auto& publisher : publishers_) publishing_.spawn("publisher", publisher->run());
  scope_.spawn("store", store_->run());
  scope_.spawn("hooks", hooks_->run());
  scope_.spawn("conductor", conductor_->run());
  scope_.spawn("push", subscriber_->run());
  scope_.spawn("stories", ingest::close_quiet_stories(*rooms_, kQuietStories));
  ready_ = true;
  log.info("ready: {} sources, {} rules, {} remembered items", conductor_->size(), config_.rules.size(), *restored);
  notify_.ready(fmt::format("following {} sources", conductor_->size()));
  notify_.feed_watchdog([this] { return unhealthy().empty(); });
}

void Service::begin_stop() {
  if (std::exchange(stopping_now_, true)) return;
  notify_.stopping();
  stopping_.spawn("stop", stop());
}

// In the order of the route: no new polls, then what they brought is published and delivered, then the rest ends.
Task<> Service::stop() {
  const Log log = log_.room("daemon");
  log.info("stopping");
  co_await streams_->stop();
  co_await conductor_->stop();
  co_await subscriber_->stop();
  const auto deadline = std::chrono::steady_clock::now() + config_.daemon.drain_period;
  for (auto& publisher : publishers_) publisher->drain(deadline);
  co_await hooks_->stop();
  while (publishing_.size() > 0 && std::chrono::steady_clock::now() < deadline) {
    const auto cut_short = co_await loop::sleep_for(std::chrono::milliseconds(5));
    if (cut_short) break;
  }
  publishing_.stop();
  co_await publishing_.join();
  co_await http_.stop(Millis(0));
  if (web_) web_->close();
  if (callbacks_) callbacks_->close();
  store_->shutdown();
  if (const auto flushed = co_await store_->flush(); !flushed) log.warning("{}", flushed.error().message());
  scope_.stop();
  co_await scope_.join();
  const auto waiting = store_->stats().pending_rows;
  if (waiting > 0) log.info("{} entries wait in the store for Redis", waiting);
  log.info("stopped");
  notify_.close();
  signals_->close();
}

// Notes that the loop turns: what the watchdog and /healthz look at.
Task<> Service::lag() {
  Histogram& lag = metrics_.histogram("tidings_loop_lag_seconds", "How late the loop comes to a timer");
  for (;;) {
    const auto due = std::chrono::steady_clock::now() + kTick;
    const auto cut_short = co_await loop::sleep_for(kTick);
    if (cut_short) co_return;
    last_tick_ = std::chrono::steady_clock::now();
    lag.observe(std::chrono::duration<double>(last_tick_ - due).count());
  }
}

std::string Service::unhealthy() const {
  if (!ready_) return "starting";
  if (stopping_now_) return "stopping";
  if (std::chrono::steady_clock::now() - last_tick_ > kMaxLag) return "the loop is late";
  return {};
}

Result<std::string> Service::reload() {
  config::Loaded loaded = load_();
  if (!loaded.config) {
    std::string mistakes;
    for (const auto& mistake : loaded.mistakes) {
      mistakes += (mistakes.empty() ? "" : "; ") + config::to_string(mistake);
    }
    return Error(Errc::invalid, mistakes);
  }
  auto rules = alert::RuleIndex::build(loaded.config->rules);
  if (!rules) return rules.error();
  const config::Difference difference = config::diff(config_, *loaded.config);
  conductor_->apply(loaded.config->sources);
  subscriber_->apply();
  streams_->apply(loaded.config->sources);
  watch_->apply(std::move(*rules));
  hooks_->replace(loaded.config->hooks);
  config_.sources = loaded.config->sources;
  config_.rules = loaded.config->rules;
  config_.hooks = loaded.config->hooks;
  config_.daemon.log_level = loaded.config->daemon.log_level;
  log_.set_threshold(log_level(config_.daemon.log_level));
  std::string told = config::to_string(difference);
  log_.room("config").info("{}", told);
  return told;
}

Result<ingest::Fetcher> Service::make_fetcher(const model::Source& source) {
  ingest::Fetcher fetcher;
  if (source.settings->plugin == "exec") {
    auto child = plugin::ExecSource::create(context_.get_executor(), source, log_.room("exec"), metrics_);
    if (!child) return child.error();
    fetcher.child = std::move(*child);
    return fetcher;
  }
  auto instance = plugins_.create(source);
  if (!instance) return instance.error();
  fetcher.instance = std::make_unique<plugin::Instance>(std::move(*instance));
  return fetcher;
}

json::object Service::status() const {
  json::array streams;
  for (const auto& publisher : publishers_) {
    const publish::Status status = publisher->status();
    streams.push_back(json::object{{"stream", status.stream},
                                   {"phase", publish::name_of(status.phase)},
                                   {"pending", status.pending_rows},
                                   {"published", store::to_string(status.published)},
                                   {"reason", status.reason}});
  }
  return json::object{{"ready", ready_},
                      {"sources", conductor_->size()},
                      {"polling", conductor_->polling()},
                      {"outbox_pressure", store_->pressure()},
                      {"store_trouble", store_->stats().trouble},
                      {"streams", std::move(streams)}};
}

void Service::observe() {
  metrics_.observe("tidings_sources", "Sources that are followed", [this] { return static_cast<double>(conductor_->size()); });
  metrics_.observe("tidings_polls_running", "Polls under way", [this] { return static_cast<double>(conductor_->polling()); });
  metrics_.observe("tidings_worker_queue", "Responses on the workers or waiting for one", [this] { return static_cast<double>(pool_.pending()); });
  metrics_.observe("tidings_outbox_pressure", "How full the outbox is; polling slows at 0.8 and stops at 1", [this] { return store_->pressure(); });
  metrics_.observe("tidings_outbox_pending_rows", "Entries that wait to be published", [this] { return static_cast<double>(store_->stats().pending_rows); });
}

}  // namespace tidings
