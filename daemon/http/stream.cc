#include <fmt/format.h>

#include <utility>

#include "http/client.h"
#include "http/client_state.h"
#include "http/target.h"

namespace tidings::http {

Stream::State::State(Client::State& owner, Client::State::Arrival arrival)
    : client(owner), transfer(std::move(arrival.transfer)), head(std::move(arrival.response)) {
  client.streaming.insert(transfer.get());
  if (client.stopping) transfer->abort();
}

Stream::State::~State() { client.streaming.erase(transfer.get()); }

Stream::Stream(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

const Response& Stream::head() const { return state_->head; }

Task<Result<std::string>> Stream::read() {
  Transfer& transfer = *state_->transfer;
  const std::string name = for_display(state_->head.url);
  const Seconds limit = state_->client.options.stream_idle_timeout;
  const auto wake = co_await transfer.wait_body(std::chrono::steady_clock::now() + limit);
  if (wake == Transfer::Wake::cancelled) co_return Error(Errc::cancelled, fmt::format("{}: the stream was cancelled", name));
  if (wake == Transfer::Wake::deadline) {
    co_return Error(Errc::timeout, fmt::format("{}: the stream said nothing for {} s", name, limit.count()));
  }
  std::string chunk = transfer.take_body();
  if (chunk.empty()) {
    if (const auto error = transfer.error()) co_return Error(error->code(), fmt::format("{}: {}", name, error->message()));
  }
  state_->client.body_bytes.add(chunk.size());
  co_return std::move(chunk);
}

}  // namespace tidings::http
