#pragma once
// The oracle of publication: what the outbox holds against what XRANGE shows.

#include <cstdint>
#include <string>
#include <vector>

#include "store/records.h"
#include "support/redis_server.h"

namespace tidings::test {

struct Entry {
  store::StreamId id;
  store::Fields fields;
  // The value of the field, empty where there is none.
  std::string at(const std::string& name) const;
};

// The last ID that was given in a stream; 0-0 where there is no stream.
store::StreamId last_id(const RedisServer& server, const std::string& key);
// All entries of a stream, over a connection of its own.
std::vector<Entry> read_stream(const RedisServer& server, const std::string& key);

struct Comparison {
  std::size_t lost = 0;        // rows of which no entry has the key
  std::size_t repeated = 0;    // entries beyond the first of a key
  std::size_t misplaced = 0;   // entries of ours out of the order of the rows
  std::size_t changed = 0;     // entries whose fields or ID are not the row's
  bool operator==(const Comparison&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Comparison& c);

// Rows and entries are matched by the field "id", which is the row's key. Entries of others are passed over.
Comparison compare(const std::vector<store::OutboxRow>& rows, const std::vector<Entry>& entries);

}  // namespace tidings::test
