#include "support/redis_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace tidings::test {
namespace {

int free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool ok = ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
                  ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(probe);
  if (!ok) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

class Socket {
 public:
  explicit Socket(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~Socket() { ::close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  bool connected() const { return connected_; }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("redis-server closed the connection");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  std::string line() {
    std::string line;
    for (char c = get(); c != '\n'; c = get()) line.push_back(c);
    line.pop_back();
    return line + "\r\n";
  }
  std::string bytes(std::size_t count) {
    std::string bytes;
    while (bytes.size() < count) bytes.push_back(get());
    return bytes;
  }

 private:
  char get() {
    if (next_ == buffer_.size()) {
      buffer_.resize(65536);
      const auto size = ::recv(fd_, buffer_.data(), buffer_.size(), 0);
      if (size <= 0) throw std::runtime_error("redis-server closed the connection");
      buffer_.resize(static_cast<std::size_t>(size));
      next_ = 0;
    }
    return buffer_[next_++];
  }

  int fd_;
  bool connected_ = false;
  std::string buffer_;
  std::size_t next_ = 0;
};

std::string read_reply(Socket& socket) {
  std::string reply = socket.line();
  const long count = reply[0] == '$' || reply[0] == '*' ? std::stol(reply.substr(1)) : -1;
  if (reply[0] == '$' && count >= 0) reply += socket.bytes(static_cast<std::size_t>(count) + 2);
  for (long i = 0; reply[0] == '*' && i < count; ++i) reply += read_reply(socket);
  return reply;
}

}  // namespace

bool RedisServer::installed() { return std::system("command -v redis-server >/dev/null 2>&1") == 0; }

RedisServer::RedisServer(std::vector<std::string> options) : options_(std::move(options)), port_(free_port()) { start(); }

RedisServer::~RedisServer() { kill(); }

std::string RedisServer::url() const { return "redis://127.0.0.1:" + std::to_string(port_) + "/0"; }
std::string RedisServer::unix_url() const { return "unix:" + (folder_ / "redis.sock"); }

void RedisServer::start() {
  std::vector<std::string> words = {"redis-server", "--port", std::to_string(port_), "--bind", "127.0.0.1", "--unixsocket",
                                    folder_ / "redis.sock", "--dir", folder_.path().string(), "--save", "", "--daemonize", "no",
                                    "--loglevel", "warning", "--logfile", folder_ / "redis.log"};
  words.insert(words.end(), options_.begin(), options_.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error(std::string("cannot fork: ") + std::strerror(errno));
  if (pid_ == 0) {
    // A test that is killed takes its servers with it; and they must not hold the test's output open.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int quiet = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {0, 1, 2}) ::dup2(quiet, fd);
    ::execvp("redis-server", arguments.data());
    ::_exit(127);
  }
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (;;) {
    try {
      if (command({"PING"}) == "+PONG\r\n") return;
    } catch (const std::runtime_error&) {
      // Not there yet.
    }
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      throw std::runtime_error("redis-server ended: " + log_tail());
    }
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("redis-server does not answer: " + log_tail());
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void RedisServer::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::stop() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::freeze() { ::kill(pid_, SIGSTOP); }
void RedisServer::thaw() { ::kill(pid_, SIGCONT); }

std::string RedisServer::command(const std::vector<std::string>& words) const {
  Socket socket(folder_ / "redis.sock");
  if (!socket.connected()) throw std::runtime_error("redis-server is not there");
  std::string request = "*" + std::to_string(words.size()) + "\r\n";
  for (const auto& word : words) request += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
  socket.write(request);
  return read_reply(socket);
}

std::string RedisServer::log_tail() const {
  std::ifstream file(folder_ / "redis.log");
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.substr(all.size() > 2000 ? all.size() - 2000 : 0);
}

}  // namespace tidings::test
