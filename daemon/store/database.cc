#include "store/database.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace tidings::store {
namespace {

Error error_of(sqlite3* connection, int code) {
  const char* file = sqlite3_db_filename(connection, "main");
  const std::string path = file != nullptr && *file != '\0' ? file : "the store";
  const char* said = sqlite3_errmsg(connection);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {Errc::unavailable, fmt::format("{} cannot grow: the disk is full", path)};
    case SQLITE_IOERR: {
      const int system = sqlite3_system_errno(connection);
      return {Errc::unavailable, fmt::format("{} cannot be written or read: {}", path, system != 0 ? std::strerror(system) : said)};
    }
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::unavailable, fmt::format("{} is locked by another program", path)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::corrupt, fmt::format("{} is corrupt: {}", path, said)};
    case SQLITE_TOOBIG:
      return {Errc::too_large, fmt::format("a value is too large for {}", path)};
    default:
      return {Errc::io, fmt::format("{} failed: {}", path, said)};
  }
}

}  // namespace

Statement::Statement(sqlite3* connection, const char* sql) {
  const int code = sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) throw SqlFailure(error_of(connection, code));
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  SqlFailure failure(error_of(sqlite3_db_handle(statement_), code));
  reset();
  throw failure;
}

OptionalTime Statement::optional_time(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return time(column);
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

void Statement::bind(int index, const OptionalTime& value) {
  if (value) {
    bind(index, *value);
  } else {
    sqlite3_bind_null(statement_, index);
  }
}

void Statement::bind(int index, std::string_view value) {
  sqlite3_bind_text64(statement_, index, value.data() != nullptr ? value.data() : "", value.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int index, Blob value) {
  sqlite3_bind_blob64(statement_, index, value.bytes.data() != nullptr ? value.bytes.data() : "", value.bytes.size(), SQLITE_STATIC);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode) {
  sqlite3* connection = nullptr;
  const int flags = mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &connection, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const int system = connection != nullptr ? sqlite3_system_errno(connection) : 0;
    sqlite3_close(connection);
    return Error(system == ENOENT && mode == Mode::read_only ? Errc::not_found : Errc::io,
                 fmt::format("cannot open the store {}: {}", path, system != 0 ? std::strerror(system) : sqlite3_errstr(code)));
  }
  sqlite3_busy_timeout(connection, 5000);
  return std::unique_ptr<Database>(new Database(connection, path));
}

Database::Database(sqlite3* connection, std::string path) : connection_(connection), path_(std::move(path)) {
  // This takes the place of SQLite's own checkpoints, which commits would have to wait for.
  const auto note = [](void* self, sqlite3*, const char*, int pages) {
    static_cast<Database*>(self)->wal_pages_ = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_, note, this);
}

void Database::checkpoint() {
  exec("PRAGMA user_version");  // a connection that has read nothing yet does not know of the log, and would do nothing
  const int code = sqlite3_wal_checkpoint_v2(connection_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  // Another is at it already.
  if (code != SQLITE_OK && code != SQLITE_BUSY) throw SqlFailure(error_of(connection_, code));
}

Database::~Database() {
  statements_.clear();
  sqlite3_close(connection_);
}

Statement& Database::sql(const char* literal) {
  auto& statement = statements_[literal];
  if (!statement) {
    try {
      statement = std::make_unique<Statement>(connection_, literal);
    } catch (...) {
      statements_.erase(literal);
      throw;
    }
  }
  return *statement;
}

void Database::exec(const char* statements) {
  const int code = sqlite3_exec(connection_, statements, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw SqlFailure(error_of(connection_, code));
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.exec("ROLLBACK");
  } catch (const SqlFailure&) {
    // SQLite has rolled back by itself already, as it does after SQLITE_FULL and SQLITE_IOERR.
    open_ = false;
  }
}

void Transaction::commit() {
  database_.exec("COMMIT");
  open_ = false;
}

}  // namespace tidings::store
