#pragma once
// A WebSocket (RFC 6455) that is listened to: Boost.Beast on Asio, with TLS by OpenSSL, behind the same guard against
// private addresses as the Client. It speaks to its server directly, not through a proxy.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/options.h"
#include "loop/asio.h"
#include "model/source.h"

namespace tidings::http {

struct WebSocketRequest {
  std::string url;  // ws, wss, http or https; user:password@ in it is sent as Basic authentication
  std::vector<model::Header> headers;
  bool allow_private = false;
  std::size_t max_message_bytes = 1 << 20;
};

// Loop thread only. Movable; its end closes the connection.
class WebSocket {
 public:
  // Connects and shakes hands within the connect_timeout of `options`. Errors as of Client::fetch; a server that answers with
  // another status than 101 is `protocol`, `unavailable` where trying again later can help (429 and 5xx).
  static Task<Result<WebSocket>> open(asio::any_io_executor executor, Options options, WebSocketRequest request);
  ~WebSocket();
  WebSocket(WebSocket&&) noexcept;
  WebSocket& operator=(WebSocket&&) noexcept;

  // The next whole message, text or binary. While nobody reads, the connection is not read. A peer that answers no ping for
  // the stream_idle_timeout is gone (timeout); one that closes is `unavailable`.
  Task<Result<std::string>> read();
  Task<Result<void>> send(std::string text);

  struct State;  // internal to this room

 private:
  explicit WebSocket(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tidings::http
