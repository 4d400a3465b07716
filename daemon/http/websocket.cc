#include "http/websocket.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "http/address_guard.h"
#include "http/route.h"
#include "http/target.h"
#include "loop/timeout.h"

namespace tidings::http {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;

std::string as_http(std::string_view url) {
  if (text::starts_with_ignoring_case(url, "ws://")) return "http" + std::string(url.substr(2));
  if (text::starts_with_ignoring_case(url, "wss://")) return "https" + std::string(url.substr(3));
  return std::string(url);
}

// What a request line and a Host field say of a target.
struct Address {
  explicit Address(const Target& target) : host(target.host), name(target.host), path("/") {
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    const bool is_usual = target.port == (target.scheme == "https" ? 443 : 80);
    if (!is_usual) host += fmt::format(":{}", target.port);
    const auto begin = target.url.find("://");
    const auto end = target.url.find_first_of("/?", begin + 3);
    if (end != std::string::npos) path = target.url[end] == '/' ? target.url.substr(end) : "/" + target.url.substr(end);
    port = std::to_string(target.port);
  }
  std::string host;  // as in the Host field
  std::string name;  // to look up
  std::string path;  // with the query
  std::string port;
};

websocket::request_type fields_of(const Options& options, const Target& target, const WebSocketRequest& request) {
  websocket::request_type fields;
  fields.set(beast::http::field::user_agent, user_agent(options));
  if (!target.user.empty() || !target.password.empty()) {
    fields.set(beast::http::field::authorization, "Basic " + to_base64(target.user + ":" + target.password));
  }
  for (const auto& header : request.headers) fields.set(header.name, header.value);
  return fields;
}

Errc code_of(const error_code& error) {
  if (error == asio::error::operation_aborted) return Errc::cancelled;
  if (error == beast::error::timeout || error == asio::error::timed_out) return Errc::timeout;
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) return Errc::too_large;
  if (error == websocket::error::closed) return Errc::unavailable;
  if (error.category() == make_error_code(websocket::error::closed).category()) return Errc::protocol;
  return Errc::network;
}

}  // namespace

struct WebSocket::State {
  explicit State(std::string said) : name(std::move(said)) {}
  virtual ~State() = default;
  virtual Task<Result<std::string>> read() = 0;
  virtual Task<Result<void>> send(std::string text) = 0;

  Error failed(const error_code& error) const {
    const Errc code = code_of(error);
    if (code == Errc::timeout) return Error(code, fmt::format("{}: nothing came in time, and no answer to a ping", name));
    if (code == Errc::unavailable) return Error(code, fmt::format("{}: the server has closed the connection", name));
    return Error(code, fmt::format("{}: {}", name, error.message()));
  }

  std::string name;  // of the URL, for people
};

namespace {

template <class Next>
struct Open final : WebSocket::State {
  template <class... Args>
  explicit Open(std::string said, Args&&... args) : State(std::move(said)), socket(std::forward<Args>(args)...) {}

  beast::tcp_stream& tcp_layer() { return beast::get_lowest_layer(socket); }

  Task<Result<void>> shake_hands(Options options, Address address, websocket::request_type fields, std::size_t max_message_bytes) {
    tcp_layer().expires_never();  // from here on the WebSocket has a clock of its own
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = options.connect_timeout;
    limits.idle_timeout = options.stream_idle_timeout;
    limits.keep_alive_pings = true;
    socket.set_option(limits);
    socket.set_option(websocket::stream_base::decorator([fields = std::move(fields)](websocket::request_type& request) {
      for (const auto& field : fields) request.set(field.name_string(), field.value());
    }));
    socket.read_message_max(max_message_bytes);
    websocket::response_type answer;
    const auto [error] = co_await socket.async_handshake(answer, address.host, address.path, use_task);
    if (error == websocket::error::upgrade_declined) {
      const int status = static_cast<int>(answer.result_int());
      const bool can_help = status == 429 || status >= 500;
      co_return Error(can_help ? Errc::unavailable : Errc::protocol, fmt::format("{}: answered {} and not as a WebSocket", name, status));
    }
    if (error) co_return failed(error);
    co_return Result<void>();
  }

  Task<Result<std::string>> read() override {
    beast::flat_buffer buffer;
    const auto [error, size] = co_await socket.async_read(buffer, use_task);
    if (error) co_return failed(error);
    co_return std::string(static_cast<const char*>(buffer.data().data()), size);
  }

  Task<Result<void>> send(std::string text) override {
    socket.text(true);
    const auto bytes = asio::buffer(text);
    const auto [error, size] = co_await socket.async_write(bytes, use_task);
    if (error) co_return failed(error);
    co_return Result<void>();
  }

  websocket::stream<Next> socket;
};

using Plain = Open<beast::tcp_stream>;
using Secure = Open<beast::ssl_stream<beast::tcp_stream>>;

// The addresses of the host that may be connected to.
Task<Result<std::vector<tcp::endpoint>>> look_up(asio::any_io_executor executor, Address address, bool allow_private) {
  tcp::resolver resolver(executor);
  const auto [error, found] = co_await resolver.async_resolve(address.name, address.port, use_task);
  if (error) co_return Error(error == asio::error::operation_aborted ? Errc::cancelled : Errc::network, fmt::format("the name {} is not found: {}", address.name, error.message()));
  std::vector<tcp::endpoint> allowed;
  for (const auto& one : found) {
    const tcp::endpoint endpoint = one.endpoint();
    if (allow_private || is_public(*endpoint.data())) allowed.push_back(endpoint);
  }
  if (allowed.empty()) co_return Error(Errc::refused, "its address is not public, and allow_private is not set");
  co_return std::move(allowed);
}

template <class Socket>
Task<Result<void>> connect(Socket& open, Options options, std::vector<tcp::endpoint> endpoints) {
  open.tcp_layer().expires_after(options.connect_timeout);
  const auto [error, endpoint] = co_await open.tcp_layer().async_connect(endpoints, use_task);
  if (error) co_return open.failed(error);
  co_return Result<void>();
}

Result<void> trust(ssl::context& context, const Options& options) {
  error_code error;
  if (options.ca_file.empty()) {
    context.set_default_verify_paths(error);
  } else {
    context.load_verify_file(options.ca_file, error);
  }
  if (error) return Error(Errc::invalid, fmt::format("the certificates cannot be read: {}", error.message()));
  context.set_verify_mode(ssl::verify_peer);
  return {};
}

}  // namespace

WebSocket::WebSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}
WebSocket::~WebSocket() = default;
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&&) noexcept = default;

Task<Result<std::string>> WebSocket::read() { return state_->read(); }
Task<Result<void>> WebSocket::send(std::string text) { return state_->send(std::move(text)); }

Task<Result<WebSocket>> WebSocket::open(asio::any_io_executor executor, Options options, WebSocketRequest request) {
  const std::string name = for_display(request.url);
  const bool allow_private = request.allow_private || options.allow_private;
  const auto target = parse_target(as_http(request.url));
  if (!target) co_return target.error();
  if (const auto against = objection(*target, options, allow_private)) {
    co_return Error(against->code(), fmt::format("{} is not connected to: {}", name, against->message()));
  }
  Address address(*target);
  websocket::request_type fields = fields_of(options, *target, request);
  auto looking_up = loop::with_timeout(look_up(executor, address, allow_private), options.connect_timeout);
  auto endpoints = co_await std::move(looking_up);
  if (!endpoints) co_return Error(Errc::timeout, fmt::format("{}: the name was not found in time", name));
  if (!*endpoints) co_return Error(endpoints->error().code(), fmt::format("{}: {}", name, endpoints->error().message()));
  if (target->scheme == "http") {
    auto plain = std::make_unique<Plain>(name, executor);
    auto connected = co_await connect(*plain, options, std::move(**endpoints));
    if (!connected) co_return connected.error();
    auto agreed = co_await plain->shake_hands(options, std::move(address), std::move(fields), request.max_message_bytes);
    if (!agreed) co_return agreed.error();
    co_return WebSocket(std::move(plain));
  }
  ssl::context context(ssl::context::tls_client);
  if (const auto trusted = trust(context, options); !trusted) co_return trusted.error();
  auto secure = std::make_unique<Secure>(name, executor, context);
  auto connected = co_await connect(*secure, options, std::move(**endpoints));
  if (!connected) co_return connected.error();
  if (!is_numeric_address(address.name)) SSL_set_tlsext_host_name(secure->socket.next_layer().native_handle(), address.name.c_str());
  secure->socket.next_layer().set_verify_callback(ssl::host_name_verification(address.name));
  secure->tcp_layer().expires_after(options.connect_timeout);
  const auto [error] = co_await secure->socket.next_layer().async_handshake(ssl::stream_base::client, use_task);
  if (error) co_return Error(code_of(error), fmt::format("{}: TLS: {}", name, error.message()));
  auto agreed = co_await secure->shake_hands(options, std::move(address), std::move(fields), request.max_message_bytes);
  if (!agreed) co_return agreed.error();
  co_return WebSocket(std::move(secure));
}

}  // namespace tidings::http
