#include "http/failure.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace tidings::http {
namespace {

std::string seconds(Millis time) { return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000); }

std::string connect_words(const Failure& f) {
  const std::string whom = f.proxy.empty() ? f.host : "the proxy";
  switch (f.os_error) {
    case ECONNREFUSED: return fmt::format("{} refuses the connection", whom);
    case ENETUNREACH:
    case EHOSTUNREACH: return fmt::format("there is no route to {}", whom);
    case 0: return fmt::format("no connection to {}", whom);
    default: return fmt::format("no connection to {}: {}", whom, std::generic_category().message(f.os_error));
  }
}

Error timeout_words(const Failure& f) {
  if (f.connected.count() == 0) {
    return Error(Errc::timeout, fmt::format("no connection to {} within {}", f.host, seconds(f.connect_timeout)));
  }
  return Error(Errc::timeout, fmt::format("too slow, less than {} bytes a second for {}", f.low_speed_bytes_per_second,
                                          seconds(f.low_speed_time)));
}

}  // namespace

Error explain(const Failure& f) {
  switch (f.code) {
    case CURLE_COULDNT_RESOLVE_HOST: return Error(Errc::network, fmt::format("the name {} cannot be resolved", f.host));
    case CURLE_COULDNT_RESOLVE_PROXY: return Error(Errc::network, "the name of the proxy cannot be resolved");
    case CURLE_COULDNT_CONNECT: return Error(Errc::network, connect_words(f));
    case CURLE_OPERATION_TIMEDOUT: return timeout_words(f);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED: return Error(Errc::network, fmt::format("TLS with {} failed: {}", f.host, f.detail));
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return Error(Errc::network, fmt::format("{} broke the connection off after {} bytes of the body", f.host, f.wire_bytes));
    case CURLE_GOT_NOTHING: return Error(Errc::network, fmt::format("{} closed the connection without an answer", f.host));
    case CURLE_PARTIAL_FILE:
      return Error(Errc::protocol, fmt::format("the body was cut short after {} bytes", f.wire_bytes));
    case CURLE_BAD_CONTENT_ENCODING: return Error(Errc::protocol, "the compression of the body is broken");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: return Error(Errc::protocol, fmt::format("{} does not answer in HTTP", f.host));
    case CURLE_PROXY: return Error(Errc::network, fmt::format("the proxy failed: {}", f.detail));
    case CURLE_OUT_OF_MEMORY: return Error(Errc::unavailable, "out of memory");
    default: return Error(Errc::network, f.detail.empty() ? curl_easy_strerror(f.code) : f.detail);
  }
}

}  // namespace tidings::http
