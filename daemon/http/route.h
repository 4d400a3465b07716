#pragma once
// The way of one request over its redirects: which hop is next, what is sent along, and when to go no further. Pure.
//
// Redirects are followed here and not by libcurl, since a caller's own headers (keys, cookies) must not leave their
// origin, each hop is checked against the same policy, and each is reported.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"
#include "http/options.h"
#include "http/target.h"

namespace tidings::http {

// What policy says against this hop before any name is looked up, if anything.
std::optional<Error> objection(const Target& target, const Options& options, bool allow_private);

class Route {
 public:
  static Result<Route> begin(const Request& request, const Options& options);

  // The hop to make now.
  const Target& target() const { return target_; }
  const std::string& method() const { return method_; }
  const std::string& body() const { return body_; }
  const std::string& user() const { return user_; }
  const std::string& password() const { return password_; }
  // Header lines as "Name: value".
  std::vector<std::string> header_lines() const;
  bool allow_private() const { return allow_private_; }
  // An answer with this status and a Location is not the last one.
  bool leads_on(int status) const;

  // The answer to this hop: false where it is the last one; true where the hop has moved on to the next. The error
  // says why the redirect is not followed.
  Result<bool> follow(int status, std::string_view location);

  const std::vector<Redirect>& redirects() const { return redirects_; }
  // The URLs for a sentence: the first, and where it led to.
  std::string description() const;

 private:
  Route() = default;

  const Options* options_ = nullptr;
  Target origin_;
  Target target_;
  std::string method_;
  std::string body_;
  std::string user_;
  std::string password_;
  std::vector<model::Header> headers_;     // of the caller: for its own origin
  std::vector<model::Header> validators_;  // no secrets: for every hop
  bool allow_private_ = false;
  unsigned max_redirects_ = 0;
  std::vector<Redirect> redirects_;
  std::set<std::string> visited_;
};

}  // namespace tidings::http
