#pragma once
// The store: what must survive a crash. One SQLite file in WAL mode, one writer, group commit.
//
// Batches that arrive while a transaction is in flight join the next one. A commit that has completed is on disk
// (synchronous=FULL). Outbox rows get their stream IDs inside the transaction: strictly rising within a stream, also
// when the clock goes back. The format is in store/schema.h.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "loop/asio.h"
#include "loop/event.h"
#include "loop/pool.h"
#include "store/file_lock.h"
#include "store/fresh_rows.h"
#include "store/options.h"
#include "store/reader.h"
#include "store/records.h"
#include "store/writer.h"

namespace tidings::store {

class Database;

using Clock = std::function<Time()>;  // called on the writer's thread

// Loop thread only. SQL runs on three threads of its own: one writes, one reads, one brings the write-ahead log into the file. Outlives the tasks that await
// it. An await that is cancelled ends early; a batch that was handed over is written nevertheless.
class Store {
 public:
  // Opens or makes the file; blocks, for the start. A corrupt file is kept beside under a new name (PATH.corrupt-TIME), said
  // in the log, and a new one begun under the same store id. Fails where another process has it (Errc::refused), where it was
  // written by a newer version (Errc::invalid) or where the path cannot be written (Errc::io). `metrics` outlives the store.
  static Result<std::unique_ptr<Store>> open(asio::any_io_executor executor, Options options, Log log, Metrics& metrics,
                                             Clock clock = system_now);
  ~Store();

  // Completes when all of the batch is on disk. A full disk makes it wait, and pressure() 1, until there is room or
  // shutdown() is called (Errc::unavailable). Errc::corrupt and Errc::io: the file is no longer usable, nothing was written.
  Task<Result<Committed>> commit(Batch batch);

  // What a poll that found nothing has taught: written with the next transaction, or after state_delay, since it is not worth
  // one of its own. A crash before may lose it; who asks for it here is told of it. A batch with a state of the same source
  // that is committed later is newer.
  void keep(SourceState state);
  // Completes when what was given to keep() is on disk.
  Task<Result<void>> flush();

  // In the order of ids; nothing for those that are not known.
  Task<Result<std::vector<std::optional<SourceState>>>> find_sources(std::vector<std::string> ids);
  Task<Result<std::vector<std::optional<SourceSchedule>>>> find_schedules(std::vector<std::string> ids);
  Task<Result<std::vector<ChannelState>>> load_channels();
  // Calls visit, on the loop, for every item with a memory that was seen since then, oldest first; says how many. About 1 s
  // for a million.
  Task<Result<std::uint64_t>> for_each_memory(Time since, std::function<void(StoredItem&&)> visit);

  // Any other question: question(Reader&), on the reader's thread, gives what the task completes with.
  template <class Question>
  Task<std::invoke_result_t<Question, Reader&>> ask(Question question) {
    auto work = [reader = reader_.get(), question = std::move(question)]() mutable { return question(*reader); };
    co_return co_await loop::offload(reading_, std::move(work));
  }

  // Deliveries that are pending and whose time has come, by id.
  Task<Result<std::vector<model::Delivery>>> deliveries_due(Time now, std::size_t limit);
  // The earliest next_at of those that are pending.
  Task<Result<OptionalTime>> next_delivery();

  // For the publisher. Rows after `after` in their order, up to `limit` rows and about 8 MiB: from memory where they are still
  // there, which gives each once, else from the file.
  Task<Result<std::vector<OutboxRow>>> next_rows(std::string stream, Position after, std::size_t limit);
  // The same from the file, as often as wanted.
  Task<Result<std::vector<OutboxRow>>> read_outbox(std::string stream, StreamId after, std::size_t limit,
                                                   std::uint64_t max_bytes = kReadBytes);
  // The greatest row that is not after `id`: of the same id where that row is kept.
  Task<Result<std::optional<Position>>> row_at_or_before(std::string stream, StreamId id);
  // State of a stream, empty but for its name where nothing was ever written to it. From memory.
  StreamState stream(std::string_view name) const;
  // Rows up to here are in Redis. Takes effect on pressure() at once, is written with the next transaction.
  void published(std::string_view stream, Position position);
  // Rows after `after` get new IDs above `floor`, in the same order, and so will all new ones.
  Task<Result<void>> rebase(std::string stream, StreamId after, StreamId floor);
  Task<Result<void>> save_epoch(std::string stream, std::uint64_t epoch);

  // Called on the loop after each transaction that added rows to this stream, for as long as what is returned is held. From
  // now on its rows are kept in memory for next_rows().
  using Listener = std::function<void()>;
  [[nodiscard]] std::shared_ptr<Listener> on_rows(std::string stream, Listener listener);

  // 0: nothing waits; 0.8: polling should slow down; 1 and more: it should stop until there is room.
  double pressure() const;
  Stats stats() const;
  const std::string& id() const { return writer_->store_id(); }  // 32 hex digits, for as long as the file's folder is kept

  // Drops what is past its retention, every purge_interval until cancelled. Spawned once by main.
  Task<> run();
  // No further retries on a full disk: commits that wait fail.
  void shutdown();

 private:
  static constexpr std::uint64_t kReadBytes = 8 << 20;
  struct Waiting;
  struct Group;
  Store(asio::any_io_executor executor, Options options, Log log, Metrics& metrics);
  Task<Result<Written>> submit(Write write);
  // States that are on their way to the file, in the order of the ids.
  std::vector<std::optional<SourceState>> unwritten(const std::vector<std::string>& source_ids) const;
  void start_transaction();
  void written(const std::shared_ptr<Group>& group, Result<Written> result);
  void learn(const std::vector<StreamState>& streams);
  void begin_checkpoint();
  void end_checkpoint(const Result<void>& result);
  void keep_fresh(Write& write, const std::vector<Committed>& committed);

  asio::any_io_executor executor_;
  Options options_;
  Log log_;
  std::unique_ptr<FileLock> lock_;
  std::vector<std::shared_ptr<Waiting>> waiting_;
  std::shared_ptr<Group> stuck_;  // found no room; goes before all others
  std::shared_ptr<Group> writing_;  // in flight, or waiting for room
  bool shut_down_ = false;
  std::string trouble_;
  bool checkpointing_ = false;
  std::string checkpoint_trouble_;
  std::map<std::string, StreamState, std::less<>> streams_;
  std::map<std::string, Position, std::less<>> published_;  // not written yet
  std::unordered_map<std::string, SourceState> kept_;  // not written yet
  std::map<std::string, FreshRows, std::less<>> fresh_;
  std::multimap<std::string, std::weak_ptr<Listener>, std::less<>> listeners_;
  asio::steady_timer retry_;
  asio::steady_timer keeping_;
  Counter& transactions_;
  Counter& batches_;
  Counter& failures_;
  Counter& checkpoints_;
  Counter& corrupt_rows_;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Database> checkpointer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what a worker posts back may come after our end
  // Last, so that they are joined before what their work uses goes.
  asio::thread_pool writing_thread_{1};
  asio::thread_pool checkpoint_thread_{1};
  loop::Pool reading_{1};
};

}  // namespace tidings::store
