#include "http/client.h"

#include <fmt/format.h>

#include <boost/asio/cancellation_state.hpp>
#include <cassert>
#include <new>
#include <utility>

#include "base/text.h"
#include "http/address_guard.h"
#include "http/client_state.h"
#include "http/route.h"
#include "loop/timeout.h"

namespace tidings::http {
namespace {

using std::chrono::steady_clock;

// libcurl wants to be started once in a process.
void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::bad_alloc();
}

Error failed(const Route& route, Errc code, std::string_view cause) {
  return Error(code, fmt::format("{}: {}", route.description(), cause));
}

double seconds_of(steady_clock::duration time) { return std::chrono::duration<double>(time).count(); }

Error too_late(std::string_view url) {
  return Error(Errc::cancelled, fmt::format("{}: not fetched, the client is stopping", for_display(url)));
}

// One fetch or open, from its call to its end.
class Call {
 public:
  explicit Call(Client::State& state) : state_(state), began_(steady_clock::now()) {
    ++state_.calls;
    state_.in_flight.add(1);
  }
  ~Call() {
    state_.in_flight.add(-1);
    if (--state_.calls == 0) state_.idle.cancel();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  void count(const Result<Client::State::Arrival>& result) {
    state_.seconds.observe(std::chrono::duration<double>(time()).count());
    if (result) {
      state_.wire_bytes.add(result->response.wire_bytes);
      state_.body_bytes.add(result->response.body.size());
      const std::string label = fmt::format("class=\"{}xx\"", result->response.status / 100);
      state_.metrics.counter("tidings_http_responses_total", "HTTP answers by class of status", label).add();
    } else {
      const std::string label = fmt::format("cause=\"{}\"", name_of(result.error().code()));
      state_.metrics.counter("tidings_http_failures_total", "HTTP fetches without an answer, by cause", label).add();
    }
  }
  steady_clock::duration time() const { return steady_clock::now() - began_; }

 private:
  Client::State& state_;
  steady_clock::time_point began_;
};

// While it lives, stop() can abort the transfer.
class Abortable {
 public:
  Abortable(std::set<Transfer*>& among, Transfer& transfer) : among_(among), transfer_(transfer) { among_.insert(&transfer_); }
  ~Abortable() { among_.erase(&transfer_); }
  Abortable(const Abortable&) = delete;
  Abortable& operator=(const Abortable&) = delete;

 private:
  std::set<Transfer*>& among_;
  Transfer& transfer_;
};

}  // namespace

Client::State::State(asio::io_context& context, Options o, Log l, Metrics& m)
    : options(std::move(o)),
      log(std::move(l)),
      executor(context.get_executor()),
      multi(context, options.max_connections, options.max_connections_per_host),
      resolver(context, options, m),
      idle(context),
      metrics(m),
      requests(m.counter("tidings_http_requests_total", "HTTP requests, each hop of a redirect for itself")),
      connections(m.counter("tidings_http_connections_total", "HTTP connections that were opened")),
      wire_bytes(m.counter("tidings_http_wire_bytes_total", "Bytes of HTTP bodies as they came")),
      body_bytes(m.counter("tidings_http_body_bytes_total", "Bytes of HTTP bodies after decompression")),
      in_flight(m.gauge("tidings_http_in_flight", "HTTP fetches under way")),
      seconds(m.histogram("tidings_http_fetch_seconds", "Time of an HTTP fetch, redirects included")) {}

Task<Result<Client::State::Arrival>> Client::State::arrive(Request request, Transfer::Use use) {
  const Millis limit = request.timeout.value_or(options.timeout);
  const auto deadline = steady_clock::now() + limit;
  auto begun = Route::begin(request, options);
  if (!begun) co_return begun.error();
  Route route = std::move(*begun);
  Arrival arrival;
  steady_clock::duration looked_up{};
  for (;;) {
    if (aborting) co_return too_late(request.url);
    const auto asked = steady_clock::now();
    const auto found = co_await addresses(route.target(), !request.proxy.empty() || !options.proxy.empty(), deadline);
    if (!found) co_return failed(route, found.error().code(), found.error().message());
    if (aborting) co_return too_late(request.url);
    looked_up += steady_clock::now() - asked;
    arrival.transfer = std::make_unique<Transfer>(multi, options, executor);
    Transfer& transfer = *arrival.transfer;
    const Abortable abortable(fetching, transfer);
    transfer.start(route, request, *found, use);
    requests.add();
    auto come = use == Transfer::Use::fetch ? transfer.wait_end(deadline) : transfer.wait_headers(deadline);
    const auto wake = co_await std::move(come);
    connections.add(static_cast<std::uint64_t>(transfer.connections()));
    if (wake == Transfer::Wake::cancelled) co_return failed(route, Errc::cancelled, "the fetch was cancelled");
    if (wake == Transfer::Wake::deadline) {
      co_return failed(route, Errc::timeout, fmt::format("no answer within {:g} s, stuck while {}", seconds_of(limit), transfer.stage()));
    }
    // A stream that has begun tells its end to who reads it.
    if (transfer.has_ended() && !(use == Transfer::Use::stream && transfer.has_answer())) {
      if (const auto error = transfer.error()) co_return failed(route, error->code(), error->message());
    }
    const auto moved_on = route.follow(transfer.status(), transfer.header("location"));
    if (!moved_on) co_return moved_on.error();
    if (!*moved_on) break;
  }
  arrival.response = arrival.transfer->take_response();
  arrival.response.timings.dns += std::chrono::duration_cast<Micros>(looked_up);
  arrival.response.url = route.target().url;
  arrival.response.redirects = route.redirects();
  co_return std::move(arrival);
}

Task<Result<std::vector<std::string>>> Client::State::addresses(const Target& target, bool by_proxy, Transfer::Deadline deadline) {
  // What is no plain name, such as one with a dot at its end, is left to libcurl as well.
  const bool is_name = !is_numeric_address(target.host) && !target.host.ends_with('.') && text::is_ascii(target.host);
  if (options.lookup == Lookup::system || by_proxy || !is_name) co_return std::vector<std::string>();
  if (const auto* known = resolver.known(target.host)) co_return *known;
  const auto limit = std::min<steady_clock::duration>(options.connect_timeout, deadline - steady_clock::now());
  auto found = co_await loop::with_timeout(resolver.resolve(target.host), limit);
  if (found) co_return std::move(*found);
  if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
    co_return Error(Errc::cancelled, "the fetch was cancelled");
  }
  co_return Error(Errc::timeout, fmt::format("no address of {} within {:g} s, stuck while looking up the name", target.host, seconds_of(limit)));
}

Client::Client(asio::io_context& context, Options options, Log log, Metrics& metrics) {
  start_libcurl();
  state_ = std::make_unique<State>(context, std::move(options), std::move(log), metrics);
}

Client::~Client() {
  assert(state_->calls == 0 && state_->streaming.empty() && "stop() the client and drop its streams before it goes");
}

std::size_t Client::in_flight() const { return state_->calls; }

Task<Result<Response>> Client::fetch(Request request) {
  if (state_->stopping) co_return too_late(request.url);
  Call call(*state_);
  auto arrival = co_await state_->arrive(std::move(request), Transfer::Use::fetch);
  call.count(arrival);
  if (!arrival) co_return arrival.error();
  arrival->response.timings.total = std::chrono::duration_cast<Micros>(call.time());
  co_return std::move(arrival->response);
}

Task<Result<Stream>> Client::open(Request request) {
  if (state_->stopping) co_return too_late(request.url);
  Call call(*state_);
  auto arrival = co_await state_->arrive(std::move(request), Transfer::Use::stream);
  call.count(arrival);
  if (!arrival) co_return arrival.error();
  arrival->response.timings.total = std::chrono::duration_cast<Micros>(call.time());
  co_return Stream(std::make_unique<Stream::State>(*state_, std::move(*arrival)));
}

Task<> Client::stop(Millis grace) {
  co_await asio::this_coro::throw_if_cancelled(false);
  State& state = *state_;
  state.stopping = true;
  for (Transfer* transfer : state.streaming) transfer->abort();
  if (state.calls > 0) {
    state.idle.expires_after(grace);
    co_await state.idle.async_wait(use_task);
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  state.aborting = true;
  state.resolver.cancel();
  for (Transfer* transfer : state.fetching) transfer->abort();
  while (state.calls > 0) {
    state.idle.expires_at(steady_clock::time_point::max());
    co_await state.idle.async_wait(use_task);
  }
}

}  // namespace tidings::http
