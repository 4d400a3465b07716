#pragma once
// A small HTTP/1.1 server (Boost.Beast) for the API, metrics and push callbacks: keep-alive, bounded, loop thread only.

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "loop/asio.h"
#include "loop/task_scope.h"
#include "web/options.h"

namespace tidings::web {

struct Field {
  std::string name;
  std::string value;
};

struct Request {
  std::string method;
  std::string path;   // without the query
  std::string query;  // without its question mark
  std::vector<Field> fields;
  std::string body;

  // The first field of this name, in any case, or empty.
  std::string_view field(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<Field> fields;
};

// Answers one request; cancelled when the server stops. An exception becomes a 500 and is logged.
using Handler = std::function<Task<Response>(Request)>;

class Server {
 public:
  // The handler outlives the server. Connections run as tasks of `scope`, which stops and joins them.
  Server(asio::io_context& context, loop::TaskScope& scope, Options options, Handler handler, Log log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Requests whose path begins so go to another handler, with a limit of their own for the body; before listen().
  void route(std::string prefix, std::size_t max_body_bytes, Handler handler);
  // Binds and begins to accept. The error names the address and what is in the way.
  Result<void> listen();
  // Accepts no more; connections end with their scope.
  void close();
  // The TCP port that is listened on, 0 for a unix socket.
  unsigned short port() const { return port_; }
  std::size_t connections() const { return connections_; }

 private:
  using Protocol = asio::generic::stream_protocol;
  using Acceptor = asio::basic_socket_acceptor<Protocol>;
  using Socket = Protocol::socket;

  struct Route {
    std::string prefix;
    std::size_t max_body_bytes = 0;
    Handler handler;
  };

  // The first whose prefix fits: the last fits all.
  const Route& route_of(std::string_view target) const;
  Result<asio::ip::tcp::endpoint> tcp_address() const;
  Task<> accept();
  Task<> serve(Socket socket);

  asio::io_context& context_;
  loop::TaskScope& scope_;
  Options options_;
  std::vector<Route> routes_;
  Log log_;
  Acceptor acceptor_;
  std::string unix_path_;
  unsigned short port_ = 0;
  std::size_t connections_ = 0;
};

}  // namespace tidings::web
