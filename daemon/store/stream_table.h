#pragma once
// The table `streams` within one transaction: states are read once, changed in memory, and written back at its end.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/records.h"

namespace tidings::store {

class Database;
class Statement;

class StreamTable {
 public:
  struct Row {
    std::int64_t id = 0;
    StreamState state;
    bool changed = false;
  };
  // Reads all streams: there are a handful.
  explicit StreamTable(Database& database);

  // The stream of this name, made where it is new.
  Row& at(std::string_view name);
  std::vector<Row>& rows() { return rows_; }
  // Writes the changed ones.
  void save();

 private:
  Database& database_;
  std::vector<Row> rows_;
};

}  // namespace tidings::store
