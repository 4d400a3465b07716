#include "loop/notify.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace tidings::loop {
namespace {

std::string take_environment(const char* name) {
  const char* value = std::getenv(name);
  std::string taken = value != nullptr ? value : "";
  unsetenv(name);
  return taken;
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Notify::Notify(asio::io_context& context) : address_(take_environment("NOTIFY_SOCKET")), timer_(context) {
  const auto interval = number(take_environment("WATCHDOG_USEC"));
  const std::string pid = take_environment("WATCHDOG_PID");
  if (interval && *interval > 0 && (pid.empty() || number(pid) == getpid())) {
    watchdog_ = std::chrono::microseconds(*interval);
  }
  if (address_.size() > 1 && address_.size() < sizeof(sockaddr_un::sun_path)) {
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  }
}

Notify::~Notify() {
  if (socket_ >= 0) ::close(socket_);
}

void Notify::ready(std::string_view status) { send(fmt::format("READY=1\nSTATUS={}", status)); }
void Notify::status(std::string_view status) { send(fmt::format("STATUS={}", status)); }
void Notify::stopping() { send("STOPPING=1"); }

void Notify::reloading() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000 + now.tv_nsec / 1'000));
}

void Notify::extend_timeout(std::chrono::microseconds time) { send(fmt::format("EXTEND_TIMEOUT_USEC={}", time.count())); }

void Notify::feed_watchdog(std::function<bool()> healthy) {
  if (!watchdog_) return;
  healthy_ = std::move(healthy);
  wait();
}

void Notify::close() {
  watchdog_.reset();
  timer_.cancel();
}

void Notify::wait() {
  timer_.expires_after(*watchdog_ / 3);
  timer_.async_wait([this](error_code error) {
    if (error || !watchdog_) return;
    if (healthy_()) send("WATCHDOG=1");
    wait();
  });
}

void Notify::send(std::string_view state) {
  if (socket_ < 0) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  if (address_.front() == '@') to.sun_path[0] = '\0';  // an abstract socket
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  // A lost notification is the service manager's to notice: there is nobody else to tell.
  static_cast<void>(::sendto(socket_, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&to), size));
}

}  // namespace tidings::loop
