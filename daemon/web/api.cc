#include "web/api.h"

#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "web/query.h"

namespace tidings::web {
namespace {

constexpr std::string_view kSources = "/api/sources/";
constexpr std::string_view kWhy = "/api/why/";
constexpr std::string_view kStories = "/api/stories/";
constexpr std::size_t kDefaultStories = 20;

Response json_response(const json::value& value) {
  Response response;
  response.content_type = "application/json";
  response.body = json::serialize(value) + "\n";
  return response;
}

Response plain(int status, std::string text) {
  Response response;
  response.status = status;
  response.body = std::move(text) + "\n";
  return response;
}

Response get(const Facts& facts, const std::string& path) {
  if (path == "/healthz") {
    const std::string why = facts.unhealthy();
    return why.empty() ? plain(200, "ok") : plain(503, why);
  }
  if (path == "/metrics") {
    Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = facts.metrics();
    return response;
  }
  if (path == "/api/status") return json_response(facts.status());
  return plain(404, "there is nothing at " + path);
}

Response answer(const Facts& facts, const Request& request) {
  if (request.method == "GET" || request.method == "HEAD") return get(facts, request.path);
  if (request.method != "POST") return plain(405, "only GET, HEAD and POST are known here");
  if (!request.field("Origin").empty()) return plain(403, "a web page may not ask for this");
  if (request.path != "/api/reload") return plain(404, "there is nothing at " + request.path);
  const auto reloaded = facts.reload();
  return reloaded ? plain(200, *reloaded) : plain(409, reloaded.error().message());
}

Response answer_of(const Result<json::value>& told) {
  if (told) return json_response(*told);
  const Errc why = told.error().code();
  return plain(why == Errc::not_found ? 404 : why == Errc::invalid ? 400 : 503, told.error().message());
}

std::size_t limit_of(const std::string& text) {
  std::size_t limit = kDefaultStories;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return limit;
}

Task<Response> answer_task(std::shared_ptr<const Facts> facts, Request request) {
  if (request.method == "GET" || request.method == "HEAD") {
    if (request.path == "/api/sources") co_return answer_of(co_await facts->sources());
    if (request.path.starts_with(kSources)) co_return answer_of(co_await facts->source(request.path.substr(kSources.size())));
    if (request.path.starts_with(kWhy)) co_return answer_of(co_await facts->why(request.path.substr(kWhy.size())));
    const auto value = [&](std::string_view name) { return query_value(request.query, name); };
    if (request.path == "/api/explain" && facts->explain) co_return answer_of(co_await facts->explain(value("item")));
    if (request.path == "/api/compare" && facts->compare) co_return answer_of(co_await facts->compare(value("first"), value("second")));
    if (request.path == "/api/stories" && facts->stories) {
      std::string sort = value("sort");
      if (sort.empty()) sort = "outlets";
      co_return answer_of(co_await facts->stories(std::move(sort), limit_of(value("limit"))));
    }
    if (request.path.starts_with(kStories) && facts->story) {
      co_return answer_of(co_await facts->story(percent_decode(request.path.substr(kStories.size()))));
    }
  }
  co_return answer(*facts, request);
}

}  // namespace

Handler api(Facts facts) {
  return [facts = std::make_shared<const Facts>(std::move(facts))](Request request) {
    return answer_task(facts, std::move(request));
  };
}

}  // namespace tidings::web
