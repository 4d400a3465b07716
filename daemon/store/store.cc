#include "store/store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <boost/asio/post.hpp>

#include "store/database.h"

namespace tidings::store {
namespace {

constexpr std::size_t kBatchesAtOnce = 1000;
constexpr int kCheckpointPages = 4000;  // some 16 MB

// The id of the store lives beside its file, so that one that had to be replaced is still the same to Redis.
Result<void> keep_id(Writer& writer, const std::string& path) {
  std::string kept;
  std::ifstream(path) >> kept;
  if (kept.size() == writer.store_id().size()) {
    return kept == writer.store_id() ? Result<void>() : writer.rename_store(kept);
  }
  std::ofstream file(path);
  file << writer.store_id() << '\n';
  if (!file.flush()) return Error(Errc::io, fmt::format("cannot write {}", path));
  return {};
}

Result<std::string> set_aside(const std::string& path) {
  const std::string kept = fmt::format("{}.corrupt-{:%Y%m%dT%H%M%S}Z", path,
                                       std::chrono::time_point_cast<Seconds>(std::chrono::system_clock::now()));
  std::error_code error;
  std::filesystem::rename(path, kept, error);
  if (error) return Error(Errc::io, fmt::format("cannot rename the corrupt {}: {}", path, error.message()));
  for (const char* tail : {"-wal", "-shm"}) std::filesystem::rename(path + tail, kept + tail, error);
  return kept;
}

}  // namespace

// What one caller asked for, and what came of it.
struct Store::Waiting {
  Waiting(asio::any_io_executor executor, Write w) : write(std::move(w)), done(std::move(executor)) {}
  Write write;
  std::optional<Result<Written>> result;
  loop::Event done;
};

// The callers of one transaction and all that they asked for.
struct Store::Group {
  std::vector<std::shared_ptr<Waiting>> callers;
  std::vector<std::size_t> batches;  // how many of write.batches are each caller's
  Write write;
};

Store::Store(asio::any_io_executor executor, Options options, Log log, Metrics& metrics)
    : executor_(executor), options_(std::move(options)), log_(log.room("store")), retry_(executor), keeping_(executor),
      transactions_(metrics.counter("tidings_store_transactions_total", "Transactions committed")),
      batches_(metrics.counter("tidings_store_batches_total", "Batches committed")),
      failures_(metrics.counter("tidings_store_failures_total", "Transactions that failed, retries on a full disk included")),
      checkpoints_(metrics.counter("tidings_store_checkpoints_total", "Times that the write-ahead log was brought into the file")),
      corrupt_rows_(metrics.counter("tidings_outbox_corrupt_rows_total", "Outbox rows whose bytes do not match their checksum")) {}

Store::~Store() { *alive_ = false; }

Result<std::unique_ptr<Store>> Store::open(asio::any_io_executor executor, Options options, Log log, Metrics& metrics,
                                           Clock clock) {
  auto lock = FileLock::take(options.path + ".lock");
  if (!lock) return lock.error();
  std::unique_ptr<Store> store(new Store(std::move(executor), std::move(options), std::move(log), metrics));
  store->lock_ = std::make_unique<FileLock>(std::move(*lock));
  const std::string& path = store->options_.path;

  auto writer = Writer::open(store->options_, clock);
  if (!writer && writer.error().code() == Errc::corrupt) {
    const auto kept = set_aside(path);
    if (!kept) return kept.error();
    store->log_.error("{}; it is kept as {} and a new store is begun: what was known of items and sources is lost",
                      writer.error().message(), *kept);
    writer = Writer::open(store->options_, clock);
  }
  if (!writer) return writer.error();
  store->writer_ = std::move(*writer);
  if (auto named = keep_id(*store->writer_, path + ".id"); !named) return named.error();
  auto reader = Reader::open(path);
  if (!reader) return reader.error();
  store->reader_ = std::move(*reader);
  auto checkpointer = Database::open(path, Database::Mode::read_write);
  if (!checkpointer) return checkpointer.error();
  store->checkpointer_ = std::move(*checkpointer);
  auto streams = store->writer_->streams();
  if (!streams) return streams.error();
  store->learn(*streams);
  return store;
}

Task<Result<Written>> Store::submit(Write write) {
  auto waiting = std::make_shared<Waiting>(executor_, std::move(write));
  waiting_.push_back(waiting);
  start_transaction();
  co_await waiting->done.wait();
  if (!waiting->result) co_return Error(Errc::cancelled, "the wait for the store was cancelled");
  co_return std::move(*waiting->result);
}

void Store::start_transaction() {
  if (writing_ || (!stuck_ && waiting_.empty())) return;
  auto group = std::exchange(stuck_, nullptr);
  if (!group) {
    group = std::make_shared<Group>();
    const auto count = std::min(waiting_.size(), kBatchesAtOnce);
    for (std::size_t i = 0; i < count; ++i) {
      auto& from = waiting_[i]->write;
      auto& into = group->write;
      group->batches.push_back(from.batches.size());
      std::move(from.batches.begin(), from.batches.end(), std::back_inserter(into.batches));
      std::move(from.epochs.begin(), from.epochs.end(), std::back_inserter(into.epochs));
      std::move(from.rebases.begin(), from.rebases.end(), std::back_inserter(into.rebases));
      into.purge = into.purge || from.purge;
      group->callers.push_back(std::move(waiting_[i]));
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  }
  group->write.states.reserve(group->write.states.size() + kept_.size());
  for (auto& [id, state] : kept_) group->write.states.push_back(std::move(state));
  kept_.clear();
  // The newest word on what is published; it is not worth a transaction of its own.
  group->write.published.assign(published_.begin(), published_.end());
  published_.clear();
  writing_ = group;
  asio::post(writing_thread_, [this, group, alive = alive_, executor = executor_] {
    asio::post(executor, [this, group, alive, result = writer_->write(group->write)]() mutable {
      if (*alive) written(group, std::move(result));
    });
  });
}

void Store::written(const std::shared_ptr<Group>& group, Result<Written> result) {
  writing_.reset();
  if (!result) {
    failures_.add();
    for (auto& [name, position] : group->write.published) published_.try_emplace(name, position);
    if (result.error().code() == Errc::unavailable && !shut_down_) {
      if (trouble_.empty()) log_.error("{}; intake waits until there is room", result.error().message());
      trouble_ = result.error().message();
      stuck_ = group;
      writing_ = group;  // until the retry
      retry_.expires_after(options_.retry_interval);
      retry_.async_wait([this, alive = alive_](error_code) {
        if (!*alive) return;
        writing_.reset();
        start_transaction();
      });
      return;
    }
    log_.error("{}", result.error().message());
    for (auto& caller : group->callers) {
      caller->result = result.error();
      caller->done.set();
    }
    return start_transaction();
  }
  if (!trouble_.empty()) log_.info("the store can write again");
  trouble_.clear();
  transactions_.add();
  batches_.add(group->write.batches.size());
  learn(result->streams);
  keep_fresh(group->write, result->committed);
  if (result->wal_pages >= kCheckpointPages) begin_checkpoint();
  std::size_t next = 0;
  for (std::size_t i = 0; i < group->callers.size(); ++i) {
    Written own;
    own.more_to_purge = result->more_to_purge;
    for (std::size_t k = 0; k < group->batches[i]; ++k) own.committed.push_back(std::move(result->committed[next++]));
    group->callers[i]->result = std::move(own);
    group->callers[i]->done.set();
  }
  start_transaction();
  for (const auto& state : result->streams) {
    const auto [first, last] = listeners_.equal_range(state.name);
    for (auto at = first; at != last;) {
      const auto listener = at->second.lock();
      at = listener ? std::next(at) : listeners_.erase(at);
      if (listener) (*listener)();
    }
  }
}

void Store::learn(const std::vector<StreamState>& streams) {
  for (const auto& state : streams) {
    auto& known = streams_[state.name];
    const bool newer_word = published_.contains(state.name);
    const Position published = newer_word ? known.published : state.published;
    known = state;
    known.published = published;
  }
}

// Commits go on while most of the log is brought into the file; they wait while the writer does what they added since, after
// which the log can begin anew.
void Store::begin_checkpoint() {
  if (std::exchange(checkpointing_, true)) return;
  asio::post(checkpoint_thread_, [this, alive = alive_, executor = executor_] {
    auto most = guarded([&] { checkpointer_->checkpoint(); });
    asio::post(writing_thread_, [this, alive, executor, most = std::move(most)] {
      auto rest = most ? writer_->checkpoint() : most;
      asio::post(executor, [this, alive, rest = std::move(rest)] {
        if (*alive) end_checkpoint(rest);
      });
    });
  });
}

void Store::end_checkpoint(const Result<void>& result) {
  checkpointing_ = false;
  const std::string trouble = result ? std::string() : result.error().message();
  if (!trouble.empty() && checkpoint_trouble_.empty()) log_.warning("{}; the write-ahead log grows until that is over", trouble);
  checkpoint_trouble_ = trouble;
  if (result) checkpoints_.add();
}

void Store::keep_fresh(Write& write, const std::vector<Committed>& committed) {
  for (std::size_t i = 0; i < committed.size(); ++i) {
    auto& entries = write.batches[i].outbox;
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const auto fresh = fresh_.find(entries[k].stream);
      if (fresh == fresh_.end()) continue;
      const Position& at = committed[i].rows[k];
      fresh->second.add({at.id, at.n, at.bytes, std::move(entries[k].key), std::move(entries[k].fields)});
    }
  }
  // These have other IDs by now.
  for (const auto& rebase : write.rebases) {
    if (const auto fresh = fresh_.find(rebase.stream); fresh != fresh_.end()) fresh->second.clear();
  }
}

Task<Result<Committed>> Store::commit(Batch batch) {
  if (batch.state) kept_.erase(batch.state->id);
  Write write;
  write.batches.push_back(std::move(batch));
  auto written = co_await submit(std::move(write));
  if (!written) co_return written.error();
  co_return std::move(written->committed.front());
}

void Store::keep(SourceState state) {
  if (kept_.empty()) {
    keeping_.expires_after(options_.state_delay);
    keeping_.async_wait([this, alive = alive_](error_code error) {
      if (error || !*alive || kept_.empty()) return;
      waiting_.push_back(std::make_shared<Waiting>(executor_, Write()));
      start_transaction();
    });
  }
  std::string id = state.id;
  kept_.insert_or_assign(std::move(id), std::move(state));
}

Task<Result<void>> Store::flush() {
  const auto written = co_await submit(Write());
  if (!written) co_return written.error();
  co_return Result<void>();
}

Task<Result<void>> Store::rebase(std::string stream, StreamId after, StreamId floor) {
  Write write;
  write.rebases.push_back({std::move(stream), after, floor});
  const auto written = co_await submit(std::move(write));
  if (!written) co_return written.error();
  co_return Result<void>();
}

Task<Result<void>> Store::save_epoch(std::string stream, std::uint64_t epoch) {
  Write write;
  write.epochs.emplace_back(std::move(stream), epoch);
  const auto written = co_await submit(std::move(write));
  if (!written) co_return written.error();
  co_return Result<void>();
}

std::vector<std::optional<SourceState>> Store::unwritten(const std::vector<std::string>& source_ids) const {
  std::unordered_map<std::string_view, const SourceState*> writing;
  if (writing_) {
    for (const auto& state : writing_->write.states) writing.insert_or_assign(state.id, &state);
  }
  std::vector<std::optional<SourceState>> states(source_ids.size());
  for (std::size_t i = 0; i < source_ids.size(); ++i) {
    if (const auto kept = kept_.find(source_ids[i]); kept != kept_.end()) {
      states[i] = kept->second;
    } else if (const auto found = writing.find(source_ids[i]); found != writing.end()) {
      states[i] = *found->second;
    }
  }
  return states;
}

Task<Result<std::vector<std::optional<SourceState>>>> Store::find_sources(std::vector<std::string> ids) {
  auto newer = unwritten(ids);
  auto work = [reader = reader_.get(), ids = std::move(ids)] { return reader->sources(ids); };
  auto states = co_await loop::offload(reading_, std::move(work));
  if (!states) co_return states.error();
  for (std::size_t i = 0; i < newer.size(); ++i) {
    if (newer[i]) (*states)[i] = std::move(newer[i]);
  }
  co_return states;
}

Task<Result<std::vector<std::optional<SourceSchedule>>>> Store::find_schedules(std::vector<std::string> ids) {
  auto newer = unwritten(ids);
  auto work = [reader = reader_.get(), ids = std::move(ids)] { return reader->schedules(ids); };
  auto schedules = co_await loop::offload(reading_, std::move(work));
  if (!schedules) co_return schedules.error();
  for (std::size_t i = 0; i < newer.size(); ++i) {
    if (newer[i]) (*schedules)[i] = SourceSchedule{newer[i]->url_hash, std::move(newer[i]->schedule), std::move(newer[i]->url)};
  }
  co_return schedules;
}

Task<Result<std::vector<ChannelState>>> Store::load_channels() {
  auto work = [reader = reader_.get()] { return reader->channels(); };
  co_return co_await loop::offload(reading_, std::move(work));
}

Task<Result<std::uint64_t>> Store::for_each_memory(Time since, std::function<void(StoredItem&&)> visit) {
  std::uint64_t count = 0;
  std::int64_t from = 0;
  do {
    auto work = [reader = reader_.get(), since, from] { return reader->items(since, from, 10'000); };
    auto page = co_await loop::offload(reading_, std::move(work));
    if (!page) co_return page.error();
    count += page->items.size();
    for (auto& item : page->items) visit(std::move(item));
    from = page->next;
  } while (from != 0);
  co_return count;
}

Task<Result<std::vector<model::Delivery>>> Store::deliveries_due(Time now, std::size_t limit) {
  auto work = [reader = reader_.get(), now, limit] { return reader->deliveries_due(now, limit); };
  co_return co_await loop::offload(reading_, std::move(work));
}

Task<Result<OptionalTime>> Store::next_delivery() {
  auto work = [reader = reader_.get()] { return reader->next_delivery(); };
  co_return co_await loop::offload(reading_, std::move(work));
}

Task<Result<std::vector<OutboxRow>>> Store::next_rows(std::string stream, Position after, std::size_t limit) {
  if (const auto fresh = fresh_.find(stream); fresh != fresh_.end()) {
    auto rows = fresh->second.take(after, limit, kReadBytes);
    if (!rows.empty()) co_return rows;
  }
  co_return co_await read_outbox(std::move(stream), after.id, limit);
}

Task<Result<std::vector<OutboxRow>>> Store::read_outbox(std::string stream, StreamId after, std::size_t limit,
                                                        std::uint64_t max_bytes) {
  auto work = [reader = reader_.get(), stream, after, limit, max_bytes] { return reader->outbox(stream, after, limit, max_bytes); };
  auto rows = co_await loop::offload(reading_, std::move(work));
  if (!rows) co_return rows.error();
  for (const auto& row : *rows) {
    if (row.intact) continue;
    corrupt_rows_.add();
    log_.error("row {} of stream {} does not match its checksum and cannot be published", to_string(row.id), stream);
  }
  co_return rows;
}

Task<Result<std::optional<Position>>> Store::row_at_or_before(std::string stream, StreamId id) {
  auto work = [reader = reader_.get(), stream = std::move(stream), id] { return reader->row_at_or_before(stream, id); };
  co_return co_await loop::offload(reading_, std::move(work));
}

StreamState Store::stream(std::string_view name) const {
  if (const auto found = streams_.find(name); found != streams_.end()) return found->second;
  StreamState state;
  state.name = name;
  return state;
}

void Store::published(std::string_view stream, Position position) {
  auto found = streams_.find(stream);
  if (found == streams_.end() || found->second.published == position) return;
  found->second.published = position;
  published_.insert_or_assign(std::string(stream), position);
}

std::shared_ptr<Store::Listener> Store::on_rows(std::string stream, Listener listener) {
  auto held = std::make_shared<Listener>(std::move(listener));
  fresh_.try_emplace(stream, options_.fresh_bytes);
  listeners_.emplace(std::move(stream), held);
  return held;
}

double Store::pressure() const {
  const Stats now = stats();
  if (!now.trouble.empty()) return 1;
  const auto share = [](std::uint64_t used, std::uint64_t bound) {
    return static_cast<double>(used) / static_cast<double>(std::max<std::uint64_t>(bound, 1));
  };
  return std::max({share(now.pending_rows, options_.max_outbox_rows), share(now.pending_bytes, options_.max_outbox_bytes),
                   share(now.waiting_batches, options_.max_waiting_batches)});
}

Stats Store::stats() const {
  Stats stats;
  for (const auto& [name, state] : streams_) {
    stats.pending_rows += state.last.n - std::min(state.last.n, state.published.n);
    stats.pending_bytes += state.last.bytes - std::min(state.last.bytes, state.published.bytes);
  }
  stats.waiting_batches = waiting_.size() + (stuck_ ? stuck_->callers.size() : 0);
  stats.trouble = trouble_;
  return stats;
}

Task<> Store::run() {
  asio::steady_timer timer(executor_);
  for (;;) {
    timer.expires_after(options_.purge_interval);
    const auto [error] = co_await timer.async_wait(use_task);
    if (error) co_return;
    bool more = true;
    while (more) {
      Write write;
      write.purge = true;
      const auto written = co_await submit(std::move(write));
      more = written && written->more_to_purge;
    }
  }
}

void Store::shutdown() {
  shut_down_ = true;
  retry_.cancel();
}

}  // namespace tidings::store
