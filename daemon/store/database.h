#pragma once
// SQLite as the rest of this room uses it: statements that are prepared once, transactions, and failures as a Result at
// the room's border. Inside the room a failure is an SqlFailure that unwinds to guarded().

#include <sqlite3.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"

namespace tidings::store {

struct SqlFailure : std::exception {
  explicit SqlFailure(Error e) : error(std::move(e)) {}
  const char* what() const noexcept override { return error.message().c_str(); }
  Error error;
};

struct Blob {
  std::string_view bytes;
};

// Views that are bound must live until the last step.
class Statement {
 public:
  Statement(sqlite3* connection, const char* sql);
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Starts anew with these values, in the order of the question marks.
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  bool step();  // true: there is a row
  void run() {
    step();
    reset();
  }
  void reset() { sqlite3_reset(statement_); }

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }
  Time time(int column) const { return from_micros(integer(column)); }
  OptionalTime optional_time(int column) const;
  std::string_view bytes(int column) const;  // good until the next step
  std::string text(int column) const { return std::string(bytes(column)); }

 private:
  template <class Integer>
    requires std::is_integral_v<Integer> || std::is_enum_v<Integer>
  void bind(int index, Integer value) {
    sqlite3_bind_int64(statement_, index, static_cast<std::int64_t>(value));
  }
  void bind(int index, double value) { sqlite3_bind_double(statement_, index, value); }
  void bind(int index, Time value) { bind(index, to_micros(value)); }
  void bind(int index, const OptionalTime& value);
  void bind(int index, std::string_view value);
  void bind(int index, Blob value);

  sqlite3_stmt* statement_ = nullptr;
};

// One thread at a time.
class Database {
 public:
  enum class Mode { read_only, read_write };
  // Errc::not_found: read_only and no file.
  static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // The statement of this literal, prepared at its first use; free for use after every reset.
  Statement& sql(const char* literal);
  void exec(const char* statements);
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(connection_); }

  // Pages that the write-ahead log had after the last commit over this connection. Nothing but checkpoint() brings them into
  // the file, or the last connection when it closes; the log begins anew with the commit after one that brought all.
  int wal_pages() const { return wal_pages_; }
  // As many as no reader stands in the way of. Others may write meanwhile.
  void checkpoint();

 private:
  Database(sqlite3* connection, std::string path);

  sqlite3* connection_;
  std::string path_;
  int wal_pages_ = 0;
  std::unordered_map<const char*, std::unique_ptr<Statement>> statements_;
};

// Rolled back unless it was committed. Many reads in one take the file's locks once and see one state of it.
class Transaction {
 public:
  enum class Kind : std::uint8_t { writes, reads };
  explicit Transaction(Database& database, Kind kind = Kind::writes) : database_(database) {
    database_.exec(kind == Kind::writes ? "BEGIN IMMEDIATE" : "BEGIN");
  }
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

// f(), with an SqlFailure as an Error.
template <class F>
auto guarded(F f) -> Result<std::invoke_result_t<F>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      f();
      return {};
    } else {
      return f();
    }
  } catch (const SqlFailure& failure) {
    return failure.error;
  }
}

}  // namespace tidings::store
