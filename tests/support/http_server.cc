#include "support/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include "support/certificate.h"

namespace tidings::test {
namespace {

std::shared_ptr<void> make_tls(const Certificate& certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> pem(
      BIO_new_mem_buf(certificate.pem.data(), static_cast<int>(certificate.pem.size())), &BIO_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> key_pem(
      BIO_new_mem_buf(certificate.key_pem.data(), static_cast<int>(certificate.key_pem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> x(PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr), &X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(key_pem.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate(context, x.get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    throw std::runtime_error("the test server's certificate is not usable");
  }
  return std::shared_ptr<void>(context, [](void* c) { SSL_CTX_free(static_cast<SSL_CTX*>(c)); });
}

std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

std::string_view find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
  }
  return {};
}

std::string deflate_all(std::string_view bytes, std::size_t repeats) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string out;
  char buffer[16384];
  for (std::size_t i = 0; i < repeats; ++i) {
    const bool last = i + 1 == repeats;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(buffer);
      stream.avail_out = sizeof(buffer);
      deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
      out.append(buffer, sizeof(buffer) - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const { return find_header(headers, name); }

void HttpConnection::raw(std::string_view bytes) {
  while (open_ && !bytes.empty()) {
    const auto sent = tls_ != nullptr ? SSL_write(static_cast<SSL*>(tls_), bytes.data(), static_cast<int>(bytes.size()))
                                      : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      open_ = false;
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
}

void HttpConnection::send(const HttpAnswer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Answer\r\n";
  for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\r\n";
  const bool has_body = answer.status != 204 && answer.status != 304 && answer.status >= 200;
  const bool framed = !find_header(answer.headers, "Content-Length").empty() ||
                      !find_header(answer.headers, "Transfer-Encoding").empty();
  if (has_body && !framed) text += "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
  raw(text + "\r\n" + answer.body);
}

void HttpConnection::drip(std::string_view bytes, std::size_t piece, std::chrono::milliseconds pause) {
  while (open_ && !bytes.empty()) {
    raw(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    std::unique_lock lock(server_->mutex_);
    if (server_->changed_.wait_for(lock, pause, [&] { return server_->stopping_; })) open_ = false;
  }
}

void HttpConnection::chunk(std::string_view bytes) {
  char size[32];
  std::snprintf(size, sizeof(size), "%zx\r\n", bytes.size());
  raw(size + std::string(bytes) + "\r\n");
}

void HttpConnection::close() {
  open_ = false;
  ::shutdown(fd_, SHUT_RDWR);
}

void HttpConnection::reset() {
  const linger hard{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  open_ = false;
}

void HttpConnection::wait_closed() {
  while (read_more()) input_.clear();
}

bool HttpConnection::read_more() {
  char buffer[16384];
  const auto got = tls_ != nullptr ? SSL_read(static_cast<SSL*>(tls_), buffer, sizeof(buffer))
                                   : ::recv(fd_, buffer, sizeof(buffer), 0);
  if (got <= 0) {
    open_ = false;
    return false;
  }
  input_.append(buffer, static_cast<std::size_t>(got));
  return true;
}

bool HttpConnection::read_request(HttpRequest& request) {
  std::size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return false;
    if (input_[0] < 'A' || input_[0] > 'Z') {  // not HTTP: a TLS hello, say
      raw("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      return false;
    }
  }
  const std::string head = input_.substr(0, end + 2);
  input_.erase(0, end + 4);
  std::size_t line_end = head.find("\r\n");
  const std::string first = head.substr(0, line_end);
  request.method = first.substr(0, first.find(' '));
  request.target = first.substr(request.method.size() + 1, first.rfind(' ') - request.method.size() - 1);
  for (std::size_t at = line_end + 2; at < head.size(); at = line_end + 2) {
    line_end = head.find("\r\n", at);
    const std::size_t colon = head.find(':', at);
    const std::size_t value = head.find_first_not_of(' ', colon + 1);
    request.headers.emplace_back(head.substr(at, colon - at), value < line_end ? head.substr(value, line_end - value) : "");
  }
  const auto length = std::strtoul(std::string(request.header("Content-Length")).c_str(), nullptr, 10);
  if (find_header(request.headers, "Expect") == "100-continue") raw("HTTP/1.1 100 Continue\r\n\r\n");
  while (input_.size() < length) {
    if (!read_more()) return false;
  }
  request.body = input_.substr(0, length);
  input_.erase(0, length);
  return true;
}

HttpServer::HttpServer() { listen(); }

HttpServer::HttpServer(const Certificate& certificate) : tls_(make_tls(certificate)) { listen(); }

HttpServer::~HttpServer() { stop(); }

void HttpServer::listen() {
  std::signal(SIGPIPE, SIG_IGN);  // SSL_write has no MSG_NOSIGNAL
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 1024) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("the test server cannot listen on loopback");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_loop(); });
}

void HttpServer::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopping_, true)) return;
    for (auto& connection : open_) {
      if (connection->fd_ >= 0) ::shutdown(connection->fd_, SHUT_RDWR);
    }
  }
  changed_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  for (auto& connection : open_) connection->thread_.join();
  open_.clear();
}

void HttpServer::accept_loop() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == ECONNABORTED || errno == EINTR) continue;
      return;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      ::close(fd);
      return;
    }
    ++connections_;
    // Threads that have ended are joined here, so that a long test holds few of them.
    std::erase_if(open_, [](auto& connection) {
      if (connection->fd_ >= 0) return false;
      connection->thread_.join();
      return true;
    });
    auto& connection = *open_.emplace_back(std::make_unique<HttpConnection>());
    connection.server_ = this;
    connection.fd_ = fd;
    connection.thread_ = std::thread([this, &connection] { serve(connection); });
  }
}

void HttpServer::serve(HttpConnection& connection) {
  if (tls_) {
    SSL* tls = SSL_new(static_cast<SSL_CTX*>(tls_.get()));
    SSL_set_fd(tls, connection.fd_);
    connection.tls_ = tls;
    if (SSL_accept(tls) != 1) connection.open_ = false;
  }
  HttpRequest request;
  while (connection.open_ && connection.read_request(request)) {
    Handler handler;
    {
      const std::lock_guard lock(mutex_);
      const std::string path = path_of(request.target);
      auto& seen = seen_[path];
      request.number = static_cast<unsigned>(seen.size()) + 1;
      seen.push_back(request);
      ++requests_;
      peak_ = std::max(peak_, ++concurrency_);
      const auto found = handlers_.find(path);
      if (found != handlers_.end()) handler = found->second;
    }
    changed_.notify_all();
    if (handler) {
      handler(request, connection);
    } else {
      HttpAnswer missing;
      missing.status = 404;
      connection.send(missing);
    }
    if (find_header(request.headers, "Connection") == "close") connection.open_ = false;
    const std::lock_guard lock(mutex_);
    --concurrency_;
    request = HttpRequest();
  }
  if (connection.tls_ != nullptr) {
    ERR_clear_error();
    SSL_free(static_cast<SSL*>(connection.tls_));
  }
  const std::lock_guard lock(mutex_);
  ::close(connection.fd_);
  connection.fd_ = -1;
}

std::string HttpServer::url(std::string_view path, std::string_view host) const {
  return (tls_ ? "https://" : "http://") + std::string(host) + ":" + std::to_string(port_) + std::string(path);
}

void HttpServer::handle(std::string path, Handler handler) {
  const std::lock_guard lock(mutex_);
  handlers_[std::move(path)] = std::move(handler);
}

void HttpServer::answer(std::string path, HttpAnswer answer) {
  handle(std::move(path), [answer = std::move(answer)](const HttpRequest&, HttpConnection& connection) {
    connection.send(answer);
  });
}

unsigned HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

unsigned HttpServer::requests(const std::string& path) const { return static_cast<unsigned>(seen(path).size()); }

std::vector<HttpRequest> HttpServer::seen(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = seen_.find(path);
  return found == seen_.end() ? std::vector<HttpRequest>() : found->second;
}

unsigned HttpServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

unsigned HttpServer::peak_concurrency() const {
  const std::lock_guard lock(mutex_);
  return peak_;
}

bool HttpServer::wait_for_requests(const std::string& path, unsigned count) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] {
    const auto found = seen_.find(path);
    return found != seen_.end() && found->second.size() >= count;
  });
}

void Gate::wait() {
  std::unique_lock lock(server_.mutex_);
  server_.changed_.wait(lock, [&] { return opened_ || server_.stopping_; });
}

void Gate::open() {
  {
    const std::lock_guard lock(server_.mutex_);
    opened_ = true;
  }
  server_.changed_.notify_all();
}

std::string gzip(std::string_view bytes) { return deflate_all(bytes, 1); }

std::string gzip_bomb(std::size_t size) {
  constexpr std::size_t kPiece = 1 << 16;
  return deflate_all(std::string(kPiece, '\0'), std::max<std::size_t>(size / kPiece, 1));
}

}  // namespace tidings::test
