#pragma once
// A Client on a loop of its own, and a real server for it to talk to.

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "http/client.h"
#include "loop/task_scope.h"
#include "loop/timeout.h"
#include "support/http_server.h"

namespace tidings::http {

inline void run(asio::io_context& context, Task<> task) {
  bool ended = false;
  asio::co_spawn(context, std::move(task), [&](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
    ended = true;
  });
  context.restart();
  while (!ended && context.run_one() > 0) {
  }
}

template <class T>
Task<> keep(Task<T> task, std::optional<T>& value) {
  value.emplace(co_await std::move(task));
}

// Runs the loop until the task has ended.
template <class T>
T run(asio::io_context& context, Task<T> task) {
  std::optional<T> value;
  run(context, keep(std::move(task), value));
  return std::move(value).value();
}

class ClientTest : public ::testing::Test {
 protected:
  static Options local() {
    Options options;
    options.allow_private = true;
    options.lookup = Lookup::system;  // names.h
    options.timeout = std::chrono::seconds(30);
    return options;
  }

  ~ClientTest() override {
    if (client_) run(context_, client_->stop(Millis(0)));
  }

  // Made at its first use, so that a test can change the options before.
  Client& client() {
    if (!client_) client_ = std::make_unique<Client>(context_, options_, Log(), metrics_);
    return *client_;
  }
  Result<Response> fetch(Request request) { return run(context_, client().fetch(std::move(request))); }
  Result<Response> get(const std::string& path) {
    Request request;
    request.url = server_.url(path);
    return fetch(std::move(request));
  }
  // The error of a fetch that must fail.
  static Error error_of(const Result<Response>& result) {
    EXPECT_FALSE(result) << "status " << (result ? result->status : 0);
    return result ? Error() : result.error();
  }

  asio::io_context context_;
  Metrics metrics_;
  test::HttpServer server_;
  Options options_ = local();
  std::unique_ptr<Client> client_;
};

}  // namespace tidings::http
