#pragma once
// The service manager's notification protocol (sd_notify(3)): one datagram a state to $NOTIFY_SOCKET.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "loop/asio.h"

namespace tidings::loop {

// Says nothing where no service manager listens. Loop thread only.
class Notify {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and removes them from the environment so that child processes
  // do not speak in our name.
  explicit Notify(asio::io_context& context);
  ~Notify();
  Notify(const Notify&) = delete;
  Notify& operator=(const Notify&) = delete;

  void ready(std::string_view status);
  void status(std::string_view status);
  void reloading();
  void stopping();
  // More time for a start or stop that is making progress.
  void extend_timeout(std::chrono::microseconds time);

  // Feeds the watchdog, from the loop, at a third of its interval, as long as healthy() says so: a loop that is stuck or
  // not healthy is not fed. Does nothing where no watchdog is asked for.
  void feed_watchdog(std::function<bool()> healthy);
  // Ends the feeding so that the loop can run dry.
  void close();

 private:
  void send(std::string_view state);
  void wait();

  int socket_ = -1;
  std::string address_;
  std::optional<std::chrono::microseconds> watchdog_;
  std::function<bool()> healthy_;
  asio::steady_timer timer_;
};

}  // namespace tidings::loop
