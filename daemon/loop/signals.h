#pragma once
// SIGTERM, SIGINT and SIGHUP as calls on the loop.

#include <boost/asio/signal_set.hpp>
#include <functional>

#include "loop/asio.h"

namespace tidings::loop {

class Signals {
 public:
  struct Calls {
    std::function<void()> stop;    // the first SIGTERM or SIGINT
    std::function<void()> hurry;   // each further one: skip the drain
    std::function<void()> reload;  // SIGHUP
  };
  // Takes the three signals over and ignores SIGPIPE and SIGXFSZ, which writes
  // answer as errors. Loop thread only.
  Signals(asio::io_context& context, Calls calls);
  // No further calls; the signals stay taken.
  void close();

 private:
  void wait();

  asio::signal_set set_;
  Calls calls_;
  bool stopping_ = false;
};

}  // namespace tidings::loop
