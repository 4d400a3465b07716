#pragma once
// A request and its answer, as plain values.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/padded.h"
#include "model/source.h"

namespace tidings::http {

struct Request {
  std::string url;  // http or https; user:password@ in it is sent as Basic authentication to its own origin only
  std::string method = "GET";
  // Sent as they are to the URL's own origin (scheme, host and port); after a redirect to another origin none are.
  std::vector<model::Header> headers;
  std::string body;

  // Validators of the copy that the caller has, as they came: sent as If-None-Match and If-Modified-Since.
  std::string etag;
  std::string last_modified;

  bool allow_private = false;  // may reach, and be redirected to, addresses that are not public and any port
  std::string proxy;           // empty: that of the options

  // Absent: those of the options. With max_redirects 0 an answer 3xx is returned as it is.
  std::optional<Millis> timeout;
  std::optional<std::size_t> max_body_bytes;
  std::optional<unsigned> max_redirects;
};

// One hop that was followed; both URLs are absolute, without credentials and fragment.
struct Redirect {
  int status = 0;
  std::string from;
  std::string to;
};

// Of the last hop, each since its start, but for total: since the call of fetch.
struct Timings {
  Micros dns{0};
  Micros connect{0};
  Micros tls{0};  // zero without TLS and on a connection that was used before
  Micros first_byte{0};
  Micros total{0};
};

struct Response {
  int status = 0;
  std::string url;  // the final one, absolute, without credentials and fragment
  std::vector<model::Header> headers;
  PaddedBytes body;  // decompressed; Content-Encoding and Content-Length still say how it came
  std::vector<Redirect> redirects;
  std::size_t wire_bytes = 0;  // of the body, as it came
  bool reused_connection = false;
  Timings timings;

  // The value of the first header of this name, any case; empty where there is none. Good as long as `headers`.
  std::string_view header(std::string_view name) const;
};

}  // namespace tidings::http
