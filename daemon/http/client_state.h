#pragma once
// What a Client and its Streams share. Internal to this room.

#include <chrono>
#include <memory>
#include <set>

#include "http/client.h"
#include "http/multi.h"
#include "http/resolver.h"
#include "http/transfer.h"

namespace tidings::http {

struct Client::State {
  // A final answer: of a fetch with its body, of a stream with the transfer that goes on.
  struct Arrival {
    std::unique_ptr<Transfer> transfer;
    Response response;
  };

  State(asio::io_context& context, Options options, Log log, Metrics& metrics);

  // Follows the request to its final answer.
  Task<Result<Arrival>> arrive(Request request, Transfer::Use use);
  // The addresses of the hop's host; none where libcurl needs none, or is to find them itself.
  Task<Result<std::vector<std::string>>> addresses(const Target& target, bool by_proxy, Transfer::Deadline deadline);

  const Options options;
  const Log log;
  asio::any_io_executor executor;
  Multi multi;
  Resolver resolver;
  asio::steady_timer idle;  // waited on by stop(), cancelled when the last call ends
  std::size_t calls = 0;    // of fetch and open
  std::set<Transfer*> fetching;
  std::set<Transfer*> streaming;
  bool stopping = false;  // no new calls
  bool aborting = false;  // and those that run end now

  Metrics& metrics;
  Counter& requests;
  Counter& connections;
  Counter& wire_bytes;
  Counter& body_bytes;
  Gauge& in_flight;
  Histogram& seconds;
};

struct Stream::State {
  State(Client::State& owner, Client::State::Arrival arrival);
  ~State();

  Client::State& client;
  std::unique_ptr<Transfer> transfer;
  Response head;
};

}  // namespace tidings::http
