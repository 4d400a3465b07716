#include "redis/connection.h"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>

#include "loop/timeout.h"
#include "redis/link.h"
#include "redis/url.h"

namespace tidings::redis {
namespace {

using SteadyClock = std::chrono::steady_clock;

Task<std::vector<std::string>> resolve(std::string host) {
  asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
  const auto [error, results] = co_await resolver.async_resolve(host, std::string(), use_task);
  std::vector<std::string> addresses;
  if (!error) {
    for (const auto& result : results) {
      auto address = result.endpoint().address().to_string();
      if (addresses.empty() || addresses.back() != address) addresses.push_back(std::move(address));
    }
  }
  co_return addresses;
}

// A number is its own address; hiredis would resolve a name with a call that blocks. `localhost` is the loopback by its name
// (RFC 6761, 6.3): a bare machine or container may have no hosts file.
Task<std::vector<std::string>> addresses_of(std::string host, Millis limit) {
  if (host == "localhost") {
    std::vector<std::string> loopback = {"127.0.0.1", "::1"};
    co_return loopback;
  }
  error_code not_a_number;
  asio::ip::make_address(host, not_a_number);
  std::vector<std::string> addresses;
  if (!not_a_number) {
    addresses.push_back(std::move(host));
    co_return addresses;
  }
  auto found = co_await loop::with_timeout(resolve(std::move(host)), limit);
  if (found) addresses = std::move(*found);
  co_return addresses;
}

Error refusal(const Reply& reply, const Address& address) {
  const auto word = reply.word();
  const bool login = word == "NOAUTH" || word == "WRONGPASS" || word == "NOPERM" || word == "ERR";
  return {login ? Errc::refused : Errc::unavailable, fmt::format("redis at {} refuses the connection: {}", to_string(address), reply.text)};
}

std::vector<Command> introduction(const Address& address, const std::string& client_name) {
  std::vector<Command> commands;
  if (!address.password.empty()) {
    Command auth = {"AUTH"};
    if (!address.user.empty()) auth.push_back(address.user);
    auth.push_back(address.password);
    commands.push_back(std::move(auth));
  }
  if (address.db != 0) commands.push_back({"SELECT", std::to_string(address.db)});
  if (!client_name.empty()) commands.push_back({"CLIENT", "SETNAME", client_name});
  commands.push_back({"PING"});
  return commands;
}

}  // namespace

Task<Result<Reply>> Call::reply() {
  const auto state = state_;
  co_await state->done.wait();
  if (!state->result) co_return Error(Errc::cancelled, "the wait for a reply of redis was cancelled");
  co_return std::move(*state->result);
}

bool Call::has_reply() const { return state_->done.is_set(); }

Connection::Connection(asio::any_io_executor executor, Options options, Log log)
    : executor_(std::move(executor)), options_(std::move(options)), log_(log.room("redis")) {}

Connection::~Connection() { close(); }

Task<Result<void>> Connection::connect() {
  close();
  const auto address = parse_url(options_.url);
  if (!address) co_return address.error();
  const auto deadline = SteadyClock::now() + options_.connect_timeout;
  const bool unix = address->host.empty();
  const std::uint16_t port = unix ? 0 : address->port;
  std::vector<std::string> places(1, address->path);
  if (!unix) places = co_await addresses_of(address->host, options_.connect_timeout);
  Result<void> opened = Error(Errc::network, fmt::format("the name of redis at {} cannot be resolved", to_string(*address)));
  for (const auto& place : places) {
    link_ = std::make_shared<Link>(executor_, to_string(*address));
    opened = co_await link_->open(place, port, deadline);
    if (opened) break;
  }
  if (!opened) co_return opened.error();

  std::vector<Call> calls;
  for (const auto& command : introduction(*address, options_.client_name)) calls.push_back(start(command));
  for (auto& call : calls) {
    const auto reply = co_await call.reply();
    if (reply && !reply->is_error()) continue;
    Error why = reply ? refusal(*reply, *address) : reply.error();
    close();
    co_return why;
  }
  log_.debug("connected to redis at {}", to_string(*address));
  co_return Result<void>();
}

bool Connection::connected() const { return link_ && link_->is_open(); }
std::size_t Connection::in_flight() const { return link_ ? link_->in_flight() : 0; }

Call Connection::start(const Command& command) {
  auto state = std::make_shared<Call::State>(executor_);
  state->deadline = SteadyClock::now() + options_.command_timeout;
  if (connected() && link_->in_flight() < options_.max_pipeline) {
    link_->send(command, state);
  } else {
    state->result = connected() ? Error(Errc::too_large, fmt::format("{} commands wait for redis already", link_->in_flight()))
                                : Error(Errc::network, "there is no connection to redis");
    state->done.set();
  }
  return Call(std::move(state));
}

Task<Result<Reply>> Connection::command(Command command) {
  Call call = start(command);
  co_return co_await call.reply();
}

void Connection::close() {
  if (link_) link_->close(Error(Errc::network, "the connection to redis was closed"));
  link_.reset();
}

Task<Result<Reply>> expect(Connection& connection, Command command) {
  auto reply = co_await connection.command(std::move(command));
  if (reply && reply->is_error()) co_return Error(Errc::unavailable, fmt::format("redis says: {}", reply->text));
  co_return reply;
}

}  // namespace tidings::redis
