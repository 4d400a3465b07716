#pragma once
// The HTTP client: libcurl's multi interface on the loop. It owns connections, redirects, limits, compression and the
// guard against private addresses; its callers own when to ask, and what the answer means.

#include <memory>
#include <string>

#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "http/message.h"
#include "http/options.h"
#include "loop/asio.h"

namespace tidings::http {

class Stream;

// Loop thread only. Outlives its tasks; stop() before it goes.
class Client {
 public:
  Client(asio::io_context& context, Options options, Log log, Metrics& metrics);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The answer, whatever its status; or why there is none, as one sentence that names the URL without its credentials
  // and query:
  //   network    name not found, connection refused or reset, TLS
  //   timeout    the time limit, the connect limit, or too slow
  //   too_large  a limit on size was passed; nothing of the body is kept
  //   refused    a private address, port, scheme or redirect that policy does not let through
  //   protocol   what came is not HTTP, or is cut short
  //   invalid    the request itself
  //   cancelled  the task was cancelled, or stop() was called
  Task<Result<Response>> fetch(Request request);

  // A long-lived answer, read as it comes: completes when its headers are there. Errors as of fetch; the request's
  // timeout is up to then, and no limit holds for the size in all.
  Task<Result<Stream>> open(Request request);

  // No new fetches; waits for those that run until the grace period ends (or this task is cancelled), then aborts them
  // with `cancelled`. Streams are aborted at once. Completes when none is left.
  Task<> stop(Millis grace);

  std::size_t in_flight() const;

  struct State;  // internal to this room

 private:
  std::unique_ptr<State> state_;
};

// The body of a long-lived answer. Loop thread only; destroyed before its Client, which ends the connection.
class Stream {
 public:
  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // Status, headers and redirects; no body.
  const Response& head() const;

  // What has come since the last call, at least one byte; empty at the end of the body. While nobody reads, the
  // connection is read up to stream_buffer_bytes and then no further. One read at a time.
  Task<Result<std::string>> read();

  struct State;  // internal to this room

 private:
  friend class Client;
  explicit Stream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tidings::http
