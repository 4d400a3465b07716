#pragma once
// One connection to Redis: pipelined commands over hiredis, driven by Asio.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "loop/asio.h"
#include "redis/options.h"
#include "redis/reply.h"

namespace tidings::redis {

using Command = std::vector<std::string>;

class Link;

// A command that was sent. Dropping it gives up the reply, not the command.
class Call {
 public:
  // The reply, which may itself be an error reply of Redis. Errc::network: the connection was lost, and whether the command
  // was carried out is unknown; Errc::timeout: it was given up for want of a reply; Errc::cancelled: the task was. Once.
  Task<Result<Reply>> reply();
  bool has_reply() const;

  struct State;
  explicit Call(std::shared_ptr<State> state) : state_(std::move(state)) {}

 private:
  std::shared_ptr<State> state_;
};

// Loop thread only. Replies come in the order of the commands. After a loss it stays unconnected until connect(). The process
// ignores SIGPIPE (loop/signals.h): hiredis writes to connections that the peer has closed.
class Connection {
 public:
  Connection(asio::any_io_executor executor, Options options, Log log);
  ~Connection();  // close()
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Resolves, connects and introduces itself (AUTH, SELECT, CLIENT SETNAME), within connect_timeout. Drops an earlier
  // connection. Errc::invalid: the URL; network, timeout; refused: the server wants another user or password;
  // unavailable: it is loading or full.
  Task<Result<void>> connect();
  bool connected() const;

  // Sends a command now; start several to pipeline. One that cannot be sent (not connected, pipeline full) gets its error
  // through reply().
  Call start(const Command& command);
  Task<Result<Reply>> command(Command command);

  std::size_t in_flight() const;
  // Every call in flight gets Errc::network.
  void close();

 private:
  asio::any_io_executor executor_;
  Options options_;
  Log log_;
  std::shared_ptr<Link> link_;
};

// Connection::command where an error reply is an Error as well (Errc::unavailable), for callers that expect none.
Task<Result<Reply>> expect(Connection& connection, Command command);

}  // namespace tidings::redis
