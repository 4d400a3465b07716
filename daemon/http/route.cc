#include "http/route.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "http/address_guard.h"

namespace tidings::http {
namespace {

bool is_token(std::string_view s) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !s.empty() && std::all_of(s.begin(), s.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

bool can_be_sent(const std::vector<model::Header>& headers) {
  return std::all_of(headers.begin(), headers.end(), [](const model::Header& header) {
    return is_token(header.name) && header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
  });
}

// Told by the name alone: what a proxy would resolve for us is never seen by the guard at the socket.
bool names_private(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  return is_numeric_address(host) && !is_public_address(host);
}

}  // namespace

std::optional<Error> objection(const Target& target, const Options& options, bool allow_private) {
  if (allow_private) return std::nullopt;
  if (names_private(target.host)) {
    return Error(Errc::refused, fmt::format("the address {} is not public, and allow_private is not set", target.host));
  }
  const auto& ports = options.allowed_ports;
  if (!ports.empty() && std::find(ports.begin(), ports.end(), target.port) == ports.end()) {
    return Error(Errc::refused, fmt::format("port {} is not one of allowed_ports", target.port));
  }
  return std::nullopt;
}

Result<Route> Route::begin(const Request& request, const Options& options) {
  auto target = parse_target(request.url);
  if (!target) return target.error();
  const std::string name = for_display(request.url);
  if (!is_token(request.method)) return Error(Errc::invalid, fmt::format("the method for {} is not a word", name));
  Route route;
  route.validators_.push_back({"If-None-Match", request.etag});
  route.validators_.push_back({"If-Modified-Since", request.last_modified});
  std::erase_if(route.validators_, [](const model::Header& h) { return h.value.empty(); });
  if (!can_be_sent(request.headers) || !can_be_sent(route.validators_)) {
    return Error(Errc::invalid, fmt::format("a header for {} has a line break or a name that cannot be sent", name));
  }
  route.options_ = &options;
  route.allow_private_ = request.allow_private || options.allow_private;
  route.max_redirects_ = request.max_redirects.value_or(options.max_redirects);
  route.origin_ = *target;
  route.target_ = std::move(*target);
  route.user_ = route.origin_.user;
  route.password_ = route.origin_.password;
  route.method_ = request.method;
  route.body_ = request.body;
  route.headers_ = request.headers;
  if (const auto against = objection(route.target_, options, route.allow_private_)) {
    return Error(against->code(), fmt::format("{} is not fetched: {}", name, against->message()));
  }
  route.visited_.insert(route.method_ + ' ' + route.target_.url);
  return route;
}

std::vector<std::string> Route::header_lines() const {
  std::vector<std::string> lines;
  const auto add = [&](const model::Header& header) {
    // libcurl's way to say that a header is empty is a semicolon; with a colon it would be left out.
    lines.push_back(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  };
  for (const auto& header : validators_) add(header);
  if (target_.same_origin(origin_)) {
    for (const auto& header : headers_) add(header);
  }
  return lines;
}

bool Route::leads_on(int status) const {
  return max_redirects_ > 0 && (status == 301 || status == 302 || status == 303 || status == 307 || status == 308);
}

Result<bool> Route::follow(int status, std::string_view location) {
  if (!leads_on(status) || location.empty()) return false;
  const auto refuse = [&](Errc code, std::string_view why) {
    return Error(code, fmt::format("{} is not followed further: {}", description(), why));
  };
  auto next = parse_target(location, target_.url);
  if (!next) {
    return refuse(next.error().code() == Errc::refused ? Errc::refused : Errc::protocol,
                  "it redirects to " + next.error().message());
  }
  if (redirects_.size() >= max_redirects_) {
    return refuse(Errc::refused, fmt::format("it redirects more than {} times", max_redirects_));
  }
  if (const auto against = objection(*next, *options_, allow_private_)) {
    return refuse(against->code(), fmt::format("it redirects to {}, where {}", for_display(next->url), against->message()));
  }
  // As every browser does (RFC 9110, 15.4): 303 asks for a GET, and so do 301 and 302 after a POST.
  if ((status == 303 && method_ != "HEAD") || (status <= 302 && method_ == "POST")) {
    method_ = "GET";
    body_.clear();
  }
  if (!visited_.insert(method_ + ' ' + next->url).second) {
    return refuse(Errc::refused, fmt::format("it redirects in a loop, back to {}", for_display(next->url)));
  }
  redirects_.push_back({status, target_.url, next->url});
  target_ = std::move(*next);
  const bool at_home = target_.same_origin(origin_);
  user_ = at_home ? origin_.user : std::string();
  password_ = at_home ? origin_.password : std::string();
  return true;
}

std::string Route::description() const {
  const std::string first = for_display(origin_.url);
  if (redirects_.empty()) return first;
  return fmt::format("{} (redirected to {})", first, for_display(target_.url));
}

}  // namespace tidings::http
