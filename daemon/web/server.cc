#include "web/server.h"

#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <cstring>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "loop/timeout.h"

namespace tidings::web {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using Message = http::response<http::string_body>;

constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::chrono::seconds kLinger(2);
constexpr std::size_t kMaxLingerBytes = 1 << 20;

Request to_request(http::request<http::string_body>&& message) {
  Request request;
  request.method = std::string(message.method_string());
  const std::string_view target(message.target().data(), message.target().size());
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != std::string_view::npos) request.query = target.substr(question + 1);
  for (const auto& field : message.base()) {
    request.fields.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  request.body = std::move(message.body());
  return request;
}

Message to_message(Response&& response, unsigned version, bool keep_alive, bool head) {
  Message message(static_cast<http::status>(response.status), version);
  message.set(http::field::server, "tidings");
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  for (const auto& field : response.fields) message.insert(field.name, field.value);
  message.keep_alive(keep_alive);
  const std::size_t size = response.body.size();
  if (!head) message.body() = std::move(response.body);
  if (response.status != 304 && response.status != 204) message.content_length(size);
  return message;
}

// Reads away, for a while, what the client still sends: closed with bytes unread, TCP resets the connection, and the
// answer may never arrive (RFC 9112 section 9.6).
Task<> linger(Stream& stream) {
  error_code ignored;
  stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  stream.expires_after(kLinger);
  std::array<char, 4096> dropped;
  for (std::size_t total = 0; total < kMaxLingerBytes;) {
    const auto [error, size] = co_await stream.async_read_some(asio::buffer(dropped), use_task);
    if (error) co_return;
    total += size;
  }
}

}  // namespace

std::string_view Request::field(std::string_view name) const {
  for (const auto& one : fields) {
    if (text::equal_ignoring_case(one.name, name)) return one.value;
  }
  return {};
}

Server::Server(asio::io_context& context, loop::TaskScope& scope, Options options, Handler handler, Log log)
    : context_(context),
      scope_(scope),
      options_(std::move(options)),
      log_(std::move(log)),
      acceptor_(context) {
  routes_.push_back({"", options_.max_body_bytes, std::move(handler)});
}

Server::~Server() {
  if (!unix_path_.empty()) ::unlink(unix_path_.c_str());
}

void Server::route(std::string prefix, std::size_t max_body_bytes, Handler handler) {
  routes_.insert(routes_.begin(), {std::move(prefix), max_body_bytes, std::move(handler)});
}

const Server::Route& Server::route_of(std::string_view target) const {
  for (const auto& route : routes_) {
    if (target.starts_with(route.prefix)) return route;
  }
  return routes_.back();
}

Result<asio::ip::tcp::endpoint> Server::tcp_address() const {
  const std::string_view listen = options_.listen;
  const auto colon = listen.rfind(':');
  unsigned short port = 0;
  const std::string_view digits = colon == std::string_view::npos ? listen : listen.substr(colon + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (colon == std::string_view::npos || read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
    return Error(Errc::invalid, fmt::format("web.listen: '{}' is neither host:port nor unix:/path", listen));
  }
  std::string_view host = listen.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error) return Error(Errc::invalid, fmt::format("web.listen: '{}' is not a numeric address", host));
  return asio::ip::tcp::endpoint(address, port);
}

Result<void> Server::listen() {
  Protocol::endpoint endpoint;
  if (options_.listen.starts_with(kUnixPrefix)) {
    unix_path_ = options_.listen.substr(kUnixPrefix.size());
    if (unix_path_.size() >= sizeof(sockaddr_un::sun_path)) {
      return Error(Errc::invalid, fmt::format("web.listen: the path {} is too long for a socket", unix_path_));
    }
    ::unlink(unix_path_.c_str());
    endpoint = asio::local::stream_protocol::endpoint(unix_path_);
  } else {
    const auto address = tcp_address();
    if (!address) return address.error();
    endpoint = *address;
  }
  error_code error;
  const auto failed = [&](std::string_view what) {
    return Error(Errc::io, fmt::format("web.listen: cannot {} {}: {}", what, options_.listen, error.message()));
  };
  if (acceptor_.open(endpoint.protocol(), error); error) return failed("open a socket for");
  if (unix_path_.empty()) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (acceptor_.bind(endpoint, error); error) return failed("bind");
  if (acceptor_.listen(asio::socket_base::max_listen_connections, error); error) return failed("listen on");
  if (unix_path_.empty()) {
    const auto bound = acceptor_.local_endpoint(error);
    asio::ip::tcp::endpoint tcp;
    tcp.resize(bound.size());
    std::memcpy(tcp.data(), bound.data(), bound.size());
    port_ = tcp.port();
  }
  scope_.spawn("web.accept", accept());
  return {};
}

void Server::close() {
  error_code ignored;
  acceptor_.close(ignored);
}

Task<> Server::accept() {
  while (acceptor_.is_open()) {
    Socket socket(context_);
    const auto [error] = co_await acceptor_.async_accept(socket, use_task);
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
    if (error) {
      // Out of descriptors, most likely: give connections time to end instead of spinning.
      log_.warning("cannot accept a connection: {}", error.message());
      const auto cut_short = co_await loop::sleep_for(std::chrono::milliseconds(100));
      if (cut_short) co_return;
      continue;
    }
    if (connections_ >= options_.max_connections) {
      log_.debug("connection refused: {} are open", connections_);
      continue;
    }
    scope_.spawn("web.serve", serve(std::move(socket)));
  }
}

Task<> Server::serve(Socket socket) {
  struct Count {
    std::size_t& n;
    explicit Count(std::size_t& count) : n(count) { ++n; }
    ~Count() { --n; }
  } count(connections_);
  Stream stream(std::move(socket));
  beast::flat_buffer buffer;
  for (;;) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(boost::none);  // until the path is known
    parser.header_limit(16 * 1024);
    stream.expires_after(options_.idle_timeout);
    auto [read_error, read] = co_await http::async_read_header(stream, buffer, parser, use_task);
    if (read_error) co_return;
    const Route& route = route_of(std::string_view(parser.get().target().data(), parser.get().target().size()));
    parser.body_limit(route.max_body_bytes);
    if (parser.content_length().value_or(0) > route.max_body_bytes) {
      read_error = http::error::body_limit;
    } else {
      std::tie(read_error, read) = co_await http::async_read(stream, buffer, parser, use_task);
    }
    if (read_error == http::error::body_limit) {
      Response too_large;
      too_large.status = 413;
      too_large.body = "the body is too large\n";
      Message answer = to_message(std::move(too_large), 11, false, false);
      co_await http::async_write(stream, answer, use_task);
      co_await linger(stream);
    }
    if (read_error) co_return;
    const bool keep_alive = parser.get().keep_alive();
    const unsigned version = parser.get().version();
    const bool head = parser.get().method() == http::verb::head;
    stream.expires_never();
    Response response;
    try {
      Request request = to_request(parser.release());
      response = co_await route.handler(std::move(request));
    } catch (const boost::system::system_error& cancelled) {
      if (cancelled.code() == asio::error::operation_aborted) co_return;
      log_.error("a request failed: {}", cancelled.what());
      response = Response();
      response.status = 500;
    } catch (const std::exception& e) {
      log_.error("a request failed: {}", e.what());
      response = Response();
      response.status = 500;
    }
    Message message = to_message(std::move(response), version, keep_alive, head);
    stream.expires_after(options_.idle_timeout);
    // A HEAD answer states the length of the body that it does not carry.
    http::serializer<false, http::string_body> serializer(message);
    if (head) {
      const auto [error, written] = co_await http::async_write_header(stream, serializer, use_task);
      if (error) co_return;
    } else {
      const auto [error, written] = co_await http::async_write(stream, serializer, use_task);
      if (error) co_return;
    }
    if (!keep_alive) co_return;
  }
}

}  // namespace tidings::web
