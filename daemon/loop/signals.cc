#include "loop/signals.h"

#include <csignal>
#include <utility>

namespace tidings::loop {

Signals::Signals(asio::io_context& context, Calls calls)
    : set_(context, SIGTERM, SIGINT, SIGHUP), calls_(std::move(calls)) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  wait();
}

void Signals::close() {
  error_code ignored;
  set_.cancel(ignored);
}

void Signals::wait() {
  set_.async_wait([this](error_code error, int signal) {
    if (error) return;
    wait();
    if (signal == SIGHUP) {
      calls_.reload();
    } else if (!std::exchange(stopping_, true)) {
      calls_.stop();
    } else {
      calls_.hurry();
    }
  });
}

}  // namespace tidings::loop
