#include "http/transfer.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cassert>
#include <charconv>
#include <vector>

#include "http/address_guard.h"
#include "http/failure.h"

namespace tidings::http {
namespace {

// What libcurl may have read from a chunked body before it counts it: its receive buffer.
constexpr std::size_t kReceiveBuffer = 16 << 10;
// The body of a redirect is read, so that its connection can be used again, up to this.
constexpr std::size_t kRedirectBody = 64 << 10;

// HTTP/2 on the multi interface can crash in libcurl 7.87 to 8.5: https://github.com/curl/curl/issues/10936.
bool http2_is_sound() {
  const unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;
  return version < 0x075700 || version >= 0x080600;
}

}  // namespace

Transfer::Transfer(Multi& multi, const Options& options, asio::any_io_executor executor)
    : multi_(multi), options_(options), easy_(multi.take_handle()), wake_(std::move(executor)), headers_(options.max_header_bytes) {}

Transfer::~Transfer() {
  if (started_ && !ended_) multi_.remove(easy_);
  multi_.give_back(easy_);
  curl_slist_free_all(header_lines_);
  curl_slist_free_all(addresses_);
}

void Transfer::start(const Route& route, const Request& request, const std::vector<std::string>& addresses, Use use) {
  assert(!started_);
  use_ = use;
  route_ = &route;
  host_ = route.target().host;
  allow_private_ = route.allow_private();
  set(CURLOPT_ERRORBUFFER, detail_.data());
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set_request(request);
  if (!addresses.empty()) set_addresses(addresses);
  set_security();
  set_limits(request);
  multi_.add(easy_, *this);
  started_ = true;
}

void Transfer::set_request(const Request& request) {
  const Route& route = *route_;
  set(CURLOPT_URL, route.target().url.c_str());
  set(CURLOPT_USERAGENT, user_agent(options_).c_str());
  if (route.method() == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (route.method() != "GET") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(route.body().size()));
    set(CURLOPT_COPYPOSTFIELDS, route.body().c_str());  // a stream outlives its route
    set(CURLOPT_CUSTOMREQUEST, route.method().c_str());
  }
  for (const auto& line : route.header_lines()) header_lines_ = curl_slist_append(header_lines_, line.c_str());
  header_lines_ = curl_slist_append(header_lines_, "Expect:");  // not to wait a second for 100 Continue
  set(CURLOPT_HTTPHEADER, header_lines_);
  if (!route.user().empty() || !route.password().empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, route.user().c_str());
    set(CURLOPT_PASSWORD, route.password().c_str());
  }
  proxy_ = request.proxy.empty() ? options_.proxy : request.proxy;
  set(CURLOPT_PROXY, proxy_.c_str());  // empty: nor that of the environment
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(options_.http2 && http2_is_sound() ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  if (use_ == Use::fetch) set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
}

void Transfer::set_addresses(const std::vector<std::string>& addresses) {
  const Target& target = route_->target();
  // The plus has libcurl forget them after a while, as what it looks up itself.
  std::string line = fmt::format("+{}:{}:", target.host, target.port);
  for (const auto& address : addresses) {
    if (!line.ends_with(':')) line += ',';
    line += address.find(':') == std::string::npos ? address : "[" + address + "]";
  }
  addresses_ = curl_slist_append(nullptr, line.c_str());
  set(CURLOPT_RESOLVE, addresses_);
}

void Transfer::set_security() {
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);  // see route.h
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PREREQFUNCTION, &Transfer::check_peer);
  set(CURLOPT_PREREQDATA, this);
  if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
}

void Transfer::set_limits(const Request& request) {
  limits_.max_body_bytes = request.max_body_bytes.value_or(options_.max_body_bytes);
  limits_.max_wire_bytes = options_.max_wire_bytes;
  limits_.max_ratio = options_.max_ratio;
  limits_.ratio_slack_bytes = options_.ratio_slack_bytes;
  set(CURLOPT_NOSIGNAL, 1L);
  // Without it libcurl blocks the loop until getaddrinfo returns when a transfer ends while its name is looked up.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_BUFFERSIZE, static_cast<long>(kReceiveBuffer));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  set(CURLOPT_MAXAGE_CONN, static_cast<long>(options_.keep_alive.count()));
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  if (use_ == Use::fetch) {
    set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options_.low_speed_bytes_per_second));
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.low_speed_time.count()));
  }
}

// The guard proper: on the address that a name came to, whatever it was when it was looked up before.
curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.allow_private_ && transfer.proxy_.empty() && !is_public(address->addr)) {
    transfer.refused_address_ = "its address is not public";
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// A connection that another request opened, one that may reach private addresses, must not be used by one that may not.
int Transfer::check_peer(void* self, char* peer, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (transfer.allow_private_ || !transfer.proxy_.empty() || is_public_address(peer)) return CURL_PREREQFUNC_OK;
  transfer.refused_address_ = "its address is not public";
  return CURL_PREREQFUNC_ABORT;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (!transfer.headers_.add(std::string_view(data, bytes))) {
    transfer.stop(Errc::too_large, fmt::format("the headers are larger than {} bytes", transfer.options_.max_header_bytes));
    return 0;
  }
  if (!transfer.headers_.is_complete() || transfer.status() < 200) return bytes;
  if (!transfer.headers_allowed()) return 0;
  transfer.wake_.cancel();
  return bytes;
}

bool Transfer::headers_allowed() {
  if (use_ == Use::stream || leads_on() || status() == 304) return true;
  if (headers_.codings() > 1) return stop(Errc::refused, "the body is compressed more than once");
  std::size_t length = 0;
  const auto text = headers_.value("content-length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  if (route_->method() == "HEAD") return true;
  if (length > limits_.max_wire_bytes) {
    return stop(Errc::too_large, fmt::format("the body of {} bytes is larger than {} bytes on the wire", length,
                                             limits_.max_wire_bytes));
  }
  if (headers_.codings() == 0 && length <= limits_.max_body_bytes) body_.reserve(length);
  return true;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  if (transfer.use_ == Use::stream) {
    if (!transfer.body_.empty() && transfer.body_.size() + bytes > transfer.options_.stream_buffer_bytes) {
      transfer.paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    transfer.wake_.cancel();
  } else if (transfer.leads_on()) {
    transfer.dropped_ += bytes;
    transfer.cut_ = transfer.dropped_ > kRedirectBody;
    return transfer.cut_ ? std::size_t{CURL_WRITEFUNC_ERROR} : bytes;
  } else if (!transfer.body_allowed(bytes)) {
    return CURL_WRITEFUNC_ERROR;
  }
  transfer.body_.append(std::string_view(data, bytes));
  return bytes;
}

bool Transfer::leads_on() const { return route_->leads_on(status()) && !header("location").empty(); }

bool Transfer::body_allowed(std::size_t more) {
  const auto breach = limits_.breach(body_.size() + more, wire_bytes(), kReceiveBuffer);
  if (!breach) return true;
  body_ = PaddedBytes();
  return stop(Errc::too_large, *breach);
}

bool Transfer::stop(Errc code, std::string words) {
  stopped_.emplace(code, std::move(words));
  return false;
}

void Transfer::on_end(CURLcode code) {
  ended_ = true;
  code_ = code;
  wake_.cancel();
}

void Transfer::abort() {
  aborted_ = true;
  wake_.cancel();
}

Task<Transfer::Wake> Transfer::wait(Deadline deadline, bool (Transfer::*ready)() const) {
  while (!(this->*ready)()) {
    if (aborted_) co_return Wake::cancelled;
    wake_.expires_at(deadline);
    const auto [error] = co_await wake_.async_wait(use_task);
    if ((this->*ready)()) break;
    if (!error) co_return Wake::deadline;
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
      co_return Wake::cancelled;
    }
  }
  co_return Wake::ready;
}

Task<Transfer::Wake> Transfer::wait_end(Deadline deadline) { return wait(deadline, &Transfer::has_ended); }
Task<Transfer::Wake> Transfer::wait_headers(Deadline deadline) { return wait(deadline, &Transfer::has_headers); }
Task<Transfer::Wake> Transfer::wait_body(Deadline deadline) { return wait(deadline, &Transfer::has_body); }

std::optional<Error> Transfer::error() const {
  if (stopped_) return stopped_;
  if (code_ == CURLE_OK || cut_) return std::nullopt;
  if (!refused_address_.empty() && (code_ == CURLE_COULDNT_CONNECT || code_ == CURLE_ABORTED_BY_CALLBACK)) {
    return Error(Errc::refused, refused_address_ + ", and allow_private is not set");
  }
  Failure failure;
  failure.code = code_;
  failure.detail = detail_.data();
  long os_error = 0;
  curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &os_error);
  failure.os_error = static_cast<int>(os_error);
  failure.host = host_;
  failure.proxy = proxy_;
  failure.connected = time_of(CURLINFO_PRETRANSFER_TIME_T);
  failure.first_byte = time_of(CURLINFO_STARTTRANSFER_TIME_T);
  failure.wire_bytes = wire_bytes();
  failure.connect_timeout = options_.connect_timeout;
  failure.low_speed_bytes_per_second = options_.low_speed_bytes_per_second;
  failure.low_speed_time = options_.low_speed_time;
  return explain(failure);
}

std::string Transfer::stage() const {
  if (time_of(CURLINFO_NAMELOOKUP_TIME_T).count() == 0) return "looking up the name";
  if (time_of(CURLINFO_PRETRANSFER_TIME_T).count() == 0) return "connecting";
  if (time_of(CURLINFO_STARTTRANSFER_TIME_T).count() == 0) return "waiting for the answer";
  return fmt::format("reading the answer, of which {} bytes came", wire_bytes());
}

int Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

long Transfer::connections() const {
  long connects = 0;
  curl_easy_getinfo(easy_, CURLINFO_NUM_CONNECTS, &connects);
  return connects;
}

std::size_t Transfer::wire_bytes() const {
  curl_off_t bytes = 0;
  curl_easy_getinfo(easy_, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
  return static_cast<std::size_t>(bytes);
}

Micros Transfer::time_of(CURLINFO what) const {
  curl_off_t time = 0;
  curl_easy_getinfo(easy_, what, &time);
  return Micros(time);
}

Response Transfer::take_response() {
  Response response;
  response.status = status();
  response.headers = headers_.take();
  if (use_ == Use::fetch) response.body = std::move(body_);
  response.wire_bytes = wire_bytes();
  response.reused_connection = connections() == 0;
  response.timings.dns = time_of(CURLINFO_NAMELOOKUP_TIME_T);
  response.timings.connect = time_of(CURLINFO_CONNECT_TIME_T);
  response.timings.tls = time_of(CURLINFO_APPCONNECT_TIME_T);
  response.timings.first_byte = time_of(CURLINFO_STARTTRANSFER_TIME_T);
  return response;
}

std::string Transfer::take_body() {
  std::string taken(body_.view());
  body_.clear();
  if (paused_ && !ended_) {
    paused_ = false;
    multi_.resume(easy_);
  }
  return taken;
}

}  // namespace tidings::http
