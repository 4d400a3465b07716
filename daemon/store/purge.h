#pragma once
// Retention: what is dropped, within a transaction.

#include "store/options.h"
#include "store/stream_table.h"

namespace tidings::store {

// Drops a bounded number of rows: published outbox rows, items and ended deliveries past their retention. True where
// more of them are left.
bool purge(Database& database, StreamTable& streams, const Options& options, Time now);

}  // namespace tidings::store
