#include "cli/api_client.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>

#include "cli/command_line.h"
#include "cli/settings.h"
#include "loop/asio.h"

namespace tidings::cli {
namespace {

namespace http = boost::beast::http;
using Protocol = asio::generic::stream_protocol;
using Stream = boost::beast::basic_stream<Protocol, asio::any_io_executor>;

constexpr std::chrono::seconds kTimeout(10);
constexpr std::uint64_t kMaxBodyBytes = 256 << 20;

// A generic endpoint can be made of anything, an Error as well, which Result would not tell apart.
struct Address {
  explicit Address(const asio::ip::tcp::endpoint& tcp) : endpoint(tcp) {}
  explicit Address(const asio::local::stream_protocol::endpoint& local) : endpoint(local) {}
  Protocol::endpoint endpoint;
};

Result<Address> address_of(asio::io_context& context, const std::string& listen) {
  if (listen.empty()) return Error(Errc::refused, "the daemon has no HTTP server: option web.listen is empty");
  if (listen.starts_with("unix:")) return Address(asio::local::stream_protocol::endpoint(listen.substr(5)));
  const auto colon = listen.rfind(':');
  if (colon == std::string::npos) return Error(Errc::invalid, fmt::format("'{}' is no address: host:port, or unix:/path", listen));
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  if (host.empty() || host == "0.0.0.0" || host == "::") host = "localhost";
  error_code error;
  asio::ip::tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, listen.substr(colon + 1), error);
  if (error || found.empty()) return Error(Errc::not_found, fmt::format("the host of {} is not found", listen));
  return Address(found.begin()->endpoint());
}

Task<error_code> exchange(Stream& stream, Protocol::endpoint endpoint, http::request<http::string_body>& request,
                          http::response_parser<http::string_body>& parser) {
  stream.expires_after(kTimeout);
  const auto [refused] = co_await stream.async_connect(endpoint, use_task);
  if (refused) co_return refused;
  const auto [unsent, sent] = co_await http::async_write(stream, request, use_task);
  if (unsent) co_return unsent;
  boost::beast::flat_buffer buffer;
  const auto [unread, read] = co_await http::async_read(stream, buffer, parser, use_task);
  co_return unread;
}

}  // namespace

Result<ApiAnswer> ask_daemon(const std::string& listen, std::string_view method, const std::string& path) {
  asio::io_context context(1);
  const auto address = address_of(context, listen);
  if (!address) return address.error();
  Stream stream(context.get_executor());
  http::request<http::string_body> request;
  request.method_string(std::string(method));
  request.target(path);
  request.set(http::field::host, "localhost");
  request.set(http::field::connection, "close");
  request.prepare_payload();
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMaxBodyBytes);
  error_code failure;
  asio::co_spawn(context, exchange(stream, address->endpoint, request, parser), [&](std::exception_ptr, error_code error) { failure = error; });
  context.run();
  if (failure) return Error(Errc::unavailable, fmt::format("no tidingsd answers at {}: {}", listen, failure.message()));
  return ApiAnswer{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::optional<std::string> ask_for(std::string_view command, const std::string& config, std::string listen, const std::string& path) {
  const auto refuse = [command](const std::string& why) {
    fail(command, why);
    return std::nullopt;
  };
  if (listen.empty()) {
    const auto read = settings(config);
    if (!read) return refuse(read.error().message());
    listen = read->web.listen;
  }
  auto answer = ask_daemon(listen, "GET", path);
  if (!answer) {
    const bool is_away = answer.error().code() == Errc::unavailable;
    return refuse(answer.error().message() + (is_away ? "; start it, or name its address by --listen" : ""));
  }
  if (answer->status != 200) return refuse(printable(answer->body));
  return std::move(answer->body);
}

int show_answer(std::string_view command, const std::string& config, std::string listen, const std::string& path, bool as_json, const ToText& to_text) {
  const auto body = ask_for(command, config, std::move(listen), path);
  if (!body) return 1;
  if (as_json) {
    fmt::print("{}", *body);
    return 0;
  }
  const auto document = json::parse(*body);
  if (!document || !document->is_object()) return fail(command, "the daemon's answer is no JSON object");
  fmt::print("{}", to_text(document->as_object(), Terminal::of_stdout()));
  return 0;
}

std::string reload_daemon(const std::string& listen) {
  const auto answer = ask_daemon(listen, "POST", "/api/reload");
  if (!answer) return "no tidingsd runs here: it follows what is new from its next start";
  return fmt::format("tidingsd: {}", printable(answer->body));
}

}  // namespace tidings::cli
