#pragma once
// One hop: one request and its answer on one libcurl handle, within limits and behind the address guard.

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/padded.h"
#include "base/result.h"
#include "http/body_limits.h"
#include "http/header_block.h"
#include "http/message.h"
#include "http/multi.h"
#include "http/options.h"
#include "http/route.h"
#include "loop/asio.h"

namespace tidings::http {

// Loop thread only. Its destructor ends the transfer. Multi and Options outlive it; the Route is looked at while it runs
// a fetch, and until the headers of a stream are there.
class Transfer final : private Multi::Listener {
 public:
  enum class Use {
    fetch,   // the body is kept, within limits; that of a redirect is dropped
    stream,  // the body is handed out as it comes, uncompressed
  };
  using Deadline = std::chrono::steady_clock::time_point;
  enum class Wake { ready, deadline, cancelled };

  Transfer(Multi& multi, const Options& options, asio::any_io_executor executor);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // `addresses`: of the target's host, in the order to be tried in; none: libcurl looks it up.
  void start(const Route& route, const Request& request, const std::vector<std::string>& addresses, Use use);

  // Each completes when it is so, the transfer has ended, the deadline is over, or the task is cancelled or aborted.
  Task<Wake> wait_end(Deadline deadline);
  Task<Wake> wait_headers(Deadline deadline);
  Task<Wake> wait_body(Deadline deadline);
  // The waits complete with `cancelled`, now and later.
  void abort();

  bool has_ended() const { return ended_; }
  // Status and headers are there.
  bool has_answer() const { return headers_.is_complete() && status() >= 200; }
  // The end was none that the other side meant. Only after the end.
  std::optional<Error> error() const;
  // Where a transfer that has not ended is stuck, in words.
  std::string stage() const;

  int status() const;
  // Connections that were opened for it.
  long connections() const;
  std::string_view header(std::string_view name) const { return headers_.value(name); }
  // Status, headers, sizes and timings, and the body so far; what is taken is gone from here.
  Response take_response();
  // The part of a stream's body that has come; reads on where the buffer was full.
  std::string take_body();

 private:
  void on_end(CURLcode code) override;
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int check_peer(void* self, char* peer, char* local, int peer_port, int local_port);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

  void set_request(const Request& request);
  void set_addresses(const std::vector<std::string>& addresses);
  void set_security();
  void set_limits(const Request& request);
  bool headers_allowed();
  bool body_allowed(std::size_t more);
  bool leads_on() const;
  bool stop(Errc code, std::string words);
  std::size_t wire_bytes() const;
  Micros time_of(CURLINFO what) const;
  Task<Wake> wait(Deadline deadline, bool (Transfer::*ready)() const);
  bool has_headers() const { return ended_ || has_answer(); }
  bool has_body() const { return ended_ || !body_.empty(); }

  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy_, option, value);
  }

  Multi& multi_;
  const Options& options_;
  const Route* route_ = nullptr;
  CURL* easy_;
  curl_slist* header_lines_ = nullptr;
  curl_slist* addresses_ = nullptr;
  asio::steady_timer wake_;
  Use use_ = Use::fetch;
  bool allow_private_ = false;
  bool started_ = false;
  bool ended_ = false;
  bool aborted_ = false;
  bool paused_ = false;
  bool cut_ = false;  // the body of a redirect was not read to its end
  std::size_t dropped_ = 0;
  CURLcode code_ = CURLE_OK;
  std::optional<Error> stopped_;  // why a callback ended the transfer
  std::string refused_address_;   // an address that the guard did not let through
  std::string host_;
  std::string proxy_;
  BodyLimits limits_;
  HeaderBlock headers_;
  PaddedBytes body_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

}  // namespace tidings::http
