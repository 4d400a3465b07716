#pragma once
// Why a transfer failed, in words: name lookup, refusal, reset, TLS, time, what came back. Each is told apart.

#include <curl/curl.h>

#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace tidings::http {

// What is known of a transfer that ended with `code`.
struct Failure {
  CURLcode code = CURLE_OK;
  std::string detail;      // libcurl's own sentence
  int os_error = 0;        // errno of the last connect
  std::string host;
  std::string proxy;       // empty: none
  Micros connected{0};     // zero: no connection yet
  Micros first_byte{0};    // zero: no answer yet
  std::size_t wire_bytes = 0;
  Millis connect_timeout{0};
  unsigned low_speed_bytes_per_second = 0;
  Seconds low_speed_time{0};
};

// The cause, to follow "URL: ".
Error explain(const Failure& failure);

}  // namespace tidings::http
