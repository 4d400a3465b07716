#pragma once
// The one connection that writes: whole transactions, synchronously. Store runs it on its writer's thread.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/options.h"
#include "store/records.h"

namespace tidings::store {

class Database;

struct Rebase {
  std::string stream;
  StreamId after;
  StreamId floor;
};

// What one transaction is asked to do, in this order.
struct Write {
  std::vector<SourceState> states;  // older than those of the batches
  std::vector<Batch> batches;
  std::vector<std::pair<std::string, Position>> published;
  std::vector<std::pair<std::string, std::uint64_t>> epochs;
  std::vector<Rebase> rebases;
  bool purge = false;  // drop a bounded number of rows that are past their retention
};

struct Written {
  std::vector<Committed> committed;  // one a batch
  std::vector<StreamState> streams;  // those that changed, as they are now
  bool more_to_purge = false;
  int wal_pages = 0;  // in the write-ahead log
};

// One thread at a time.
class Writer {
 public:
  // Makes the file and its schema where they are missing, brings an older schema up to date.
  static Result<std::unique_ptr<Writer>> open(const Options& options, std::function<Time()> clock);
  ~Writer();

  // All or nothing; on disk when it returns. Errc::unavailable: there is no room or the disk failed, it can be tried again.
  Result<Written> write(const Write& write);

  // What is in the write-ahead log goes into the file; commits wait meanwhile, unless another connection did it just before.
  Result<void> checkpoint();

  // All streams as they are.
  Result<std::vector<StreamState>> streams();
  // 32 hex digits, drawn when the file is made. A file that replaces a lost one takes the lost one's.
  Result<void> rename_store(const std::string& id);
  const std::string& store_id() const { return store_id_; }

 private:
  Writer(std::unique_ptr<Database> database, const Options& options, std::function<Time()> clock);

  std::unique_ptr<Database> database_;
  Options options_;
  std::function<Time()> clock_;
  std::string store_id_;
};

}  // namespace tidings::store
