#include "cli/fetch.h"

#include <fmt/format.h>

#include <exception>
#include <optional>
#include <utility>

#include "base/metrics.h"
#include "http/client.h"

namespace tidings::cli {
namespace {

Task<> get(http::Client& client, http::Request request, std::optional<Result<http::Response>>& out) {
  out.emplace(co_await client.fetch(std::move(request)));
  co_await client.stop(Millis(0));
}

}  // namespace

Result<ParseInput> fetch_url(const std::string& url, const http::Options& options) {
  asio::io_context context(1);
  Metrics metrics;
  http::Client client(context, options, Log(), metrics);
  http::Request request;
  request.url = url;
  request.headers.push_back({"Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"});
  std::optional<Result<http::Response>> response;
  std::exception_ptr failure;
  asio::co_spawn(context, get(client, std::move(request), response), [&](std::exception_ptr error) { failure = error; });
  context.run();
  if (failure || !response) return Error(Errc::network, fmt::format("{} could not be fetched", url));
  if (!*response) return response->error();
  http::Response& answer = **response;
  if (answer.status < 200 || answer.status > 299) return Error(Errc::refused, fmt::format("{} answers {}", answer.url, answer.status));
  ParseInput input;
  input.body = std::move(answer.body);
  input.url = std::move(answer.url);
  input.headers = std::move(answer.headers);
  return input;
}

}  // namespace tidings::cli
