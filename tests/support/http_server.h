#pragma once
// A real HTTP/1.1 server for tests: loopback, a port that the kernel chooses, a thread for each connection, and every
// way to misbehave. Handlers run on those threads; all else may be called from any thread.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace tidings::test {

struct Certificate;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string target;  // as sent: path and query
  Headers headers;
  std::string body;
  unsigned number = 0;  // of this path, from 1
  // The value of the first header of this name, any case; empty where there is none.
  std::string_view header(std::string_view name) const;
};

// Content-Length is added where neither it nor Transfer-Encoding is given; not for 204 and 304.
struct HttpAnswer {
  int status = 200;
  std::string body;
  Headers headers;
};

class HttpServer;

// What a handler writes to. Calls do nothing once the peer or the server has closed.
class HttpConnection {
 public:
  void send(const HttpAnswer& answer);
  // Bytes as they are.
  void raw(std::string_view bytes);
  // Bytes in pieces, with a pause after each.
  void drip(std::string_view bytes, std::size_t piece, std::chrono::milliseconds pause);
  // One chunk of a chunked body; an empty one ends it.
  void chunk(std::string_view bytes);
  // Ends the connection: in order, or with a TCP reset.
  void close();
  void reset();
  // Blocks until the peer closes, or the server stops.
  void wait_closed();

 private:
  friend class HttpServer;
  bool read_more();
  bool read_request(HttpRequest& request);

  HttpServer* server_ = nullptr;
  int fd_ = -1;
  void* tls_ = nullptr;
  bool open_ = true;
  std::string input_;
  std::thread thread_;
};

class HttpServer {
 public:
  using Handler = std::function<void(const HttpRequest&, HttpConnection&)>;

  HttpServer();
  // Speaks TLS with this certificate.
  explicit HttpServer(const Certificate& certificate);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const { return port_; }
  // http://127.0.0.1:port/path, or https.
  std::string url(std::string_view path, std::string_view host = "127.0.0.1") const;

  // What answers this path (the target without its query). Others get 404.
  void handle(std::string path, Handler handler);
  void answer(std::string path, HttpAnswer answer);

  // Closes all connections and joins their threads; no further ones. The destructor calls it.
  void stop();

  unsigned requests() const;
  unsigned requests(const std::string& path) const;
  std::vector<HttpRequest> seen(const std::string& path) const;
  unsigned connections() const;       // accepted in all
  unsigned peak_concurrency() const;  // the most requests that were being answered at once
  // Blocks until so many requests of this path came in; false where that takes more than 20 s.
  bool wait_for_requests(const std::string& path, unsigned count) const;

 private:
  friend class HttpConnection;
  friend class Gate;
  void listen();
  void accept_loop();
  void serve(HttpConnection& connection);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::shared_ptr<void> tls_;
  std::thread acceptor_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::string, Handler> handlers_;
  std::map<std::string, std::vector<HttpRequest>> seen_;
  std::list<std::unique_ptr<HttpConnection>> open_;
  unsigned requests_ = 0;
  unsigned connections_ = 0;
  unsigned concurrency_ = 0;
  unsigned peak_ = 0;
};

// Holds handlers until the test says so, or the server stops: with the gate at the latest, so that none waits on it then.
class Gate {
 public:
  explicit Gate(HttpServer& server) : server_(server) {}
  ~Gate() { server_.stop(); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  void wait();
  void open();

 private:
  HttpServer& server_;
  bool opened_ = false;
};

// The bytes as one gzip member.
std::string gzip(std::string_view bytes);
// One gzip member of `size` zero bytes, about 1,000 times smaller.
std::string gzip_bomb(std::size_t size);

}  // namespace tidings::test
