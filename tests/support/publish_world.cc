#include "support/publish_world.h"

#include <fmt/format.h>

#include <csignal>
#include <stdexcept>

#include "support/run_task.h"

namespace tidings::test {

PublishWorld::PublishWorld(Setup setup) : setup_(std::move(setup)) {
  std::signal(SIGPIPE, SIG_IGN);
  auto options = setup_.store;
  options.path = setup_.path;
  auto opened = store::Store::open(context_.get_executor(), options, Log(), metrics_, setup_.clock);
  if (!opened) throw std::runtime_error(opened.error().message());
  store_ = std::move(*opened);
}

PublishWorld::~PublishWorld() { stop_publisher(); }

void PublishWorld::start_publisher() {
  redis::Options redis;
  redis.url = setup_.redis_url;
  redis.command_timeout = setup_.command_timeout;
  redis.backoff_base = Millis(5);
  redis.backoff_max = Millis(100);
  scope_ = std::make_unique<loop::TaskScope>(context_.get_executor(), Log());
  publisher_ = std::make_unique<publish::Publisher>(context_.get_executor(), "items", *store_, setup_.publish, redis, metrics_, Log());
  scope_->spawn("publish", publisher_->run());
}

void PublishWorld::stop_publisher() {
  if (!scope_) return;
  scope_->stop();
  run_task(context_, scope_->join());
  publisher_.reset();
  scope_.reset();
}

void PublishWorld::add_rows(std::size_t count, const std::string& prefix) {
  while (count > 0) {
    store::Batch batch;
    for (; batch.outbox.size() < 10 && count > 0; --count) {
      const auto key_of_row = fmt::format("{}{}", prefix, next_key_++);
      store::OutboxEntry entry{"items", key_of_row, {{"id", key_of_row}, {"title", "Title of " + key_of_row}, {"data", std::string(200, 'x')}}};
      batch.outbox.push_back(std::move(entry));
    }
    const auto committed = run_task(context_, store_->commit(std::move(batch)));
    if (!committed) throw std::runtime_error(committed.error().message());
  }
}

bool PublishWorld::until(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  context_.restart();
  while (!condition()) {
    context_.run_one_for(Millis(20));
    if (context_.stopped()) context_.restart();
    if (std::chrono::steady_clock::now() > limit) return false;
  }
  return true;
}

bool PublishWorld::until_phase(publish::Phase phase) {
  return until([&] { return publisher_->status().phase == phase; });
}

bool PublishWorld::until_published(const RedisServer& redis) {
  return until([&] {
    const auto status = publisher_->status();
    if (status.phase != publish::Phase::publishing || status.pending_rows != 0) return false;
    const auto state = store_->stream("items");
    return last_id(redis, key) == std::max(state.last.id, state.floor);
  });
}

void PublishWorld::run_for(Millis time) {
  context_.restart();
  context_.run_for(time);
}

std::vector<store::OutboxRow> PublishWorld::rows() {
  auto read = run_task(context_, store_->read_outbox("items", store::StreamId(), 10'000'000, ~0ull));
  if (!read) throw std::runtime_error(read.error().message());
  return std::move(*read);
}

Comparison PublishWorld::compare_with(const RedisServer& redis) { return compare(rows(), read_stream(redis, key)); }

double PublishWorld::metric(const std::string& name) {
  const std::string labels = "stream=\"items\"";
  return name.ends_with("_total") ? static_cast<double>(metrics_.counter(name, "", labels).value())
                                  : metrics_.gauge(name, "", labels).value();
}

}  // namespace tidings::test
