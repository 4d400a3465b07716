#pragma once
// The daemon's own HTTP API: what `tidings sources` and monitoring read.
//   GET  /healthz      200 "ok" while the daemon is healthy, else 503 and why
//   GET  /metrics      Prometheus text
//   GET  /api/status   one JSON object
//   GET  /api/sources  a JSON array, one object a source
//   GET  /api/sources/ID
//   GET  /api/why/ID   the same with what its schedule follows from and its last polls
//   GET  /api/explain?item=ID|URL        why the item has its verdict
//   GET  /api/compare?first=..&second=.. how two items relate
//   GET  /api/stories?sort=..&limit=..   the live stories: sort by outlets, size, last or first
//   GET  /api/stories/ID                 one, with its items
//   POST /api/reload   reads the configuration again, as SIGHUP does; 409 and the mistakes where it is bad
// POST needs a client that is no web page: a request with an Origin field is refused.

#include <functional>
#include <string>

#include "base/json.h"
#include "web/server.h"

namespace tidings::web {

// What the daemon tells; main fills it. Called on the loop.
struct Facts {
  std::function<std::string()> unhealthy;  // empty: healthy
  std::function<std::string()> metrics;
  std::function<json::object()> status;
  // Asked of the store. Errc::not_found is 404, invalid 400, each with its sentence.
  std::function<Task<Result<json::value>>()> sources;
  std::function<Task<Result<json::value>>(std::string id)> source;
  std::function<Task<Result<json::value>>(std::string id)> why;
  std::function<Task<Result<json::value>>(std::string item)> explain;
  std::function<Task<Result<json::value>>(std::string first, std::string second)> compare;
  std::function<Task<Result<json::value>>(std::string sort, std::size_t limit)> stories;
  std::function<Task<Result<json::value>>(std::string id)> story;
  std::function<Result<std::string>()> reload;               // one sentence of what changed
};

// A handler for Server; the facts are copied into it.
Handler api(Facts facts);

}  // namespace tidings::web
