#pragma once
// libcurl's multi interface driven by Asio: one watch per descriptor, one timer for all transfers. Knows nothing of HTTP.

#include <curl/curl.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <memory>
#include <unordered_map>
#include <vector>

#include "loop/asio.h"

namespace tidings::http {

// Loop thread only. Outlives every handle added. No member may be called from inside a libcurl callback but
// close_socket.
class Multi {
 public:
  // Who wants to know that its transfer has ended; told once, after its handle was removed.
  class Listener {
   public:
    virtual void on_end(CURLcode code) = 0;

   protected:
    ~Listener() = default;
  };

  Multi(asio::io_context& context, unsigned max_connections, unsigned max_connections_per_host);
  ~Multi();
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  // A handle without options, used before where one is at hand: to make one costs as much as a small fetch.
  CURL* take_handle();
  // It is not added, or not any more.
  void give_back(CURL* easy);

  // Takes the handle's CURLOPT_PRIVATE and CURLOPT_CLOSESOCKETFUNCTION.
  void add(CURL* easy, Listener& listener);
  // Ends the transfer; its listener is not told.
  void remove(CURL* easy);
  // Reads on after a callback has paused the transfer; calls its callbacks from inside.
  void resume(CURL* easy);

 private:
  using Clock = std::chrono::steady_clock;
  struct Watch;
  static int on_socket(CURL* easy, curl_socket_t fd, int wanted, void* self, void* known);
  static int on_timer(CURLM* multi, long milliseconds, void* self);
  static int close_socket(void* self, curl_socket_t fd);
  void watch(curl_socket_t fd, int wanted, bool is_new);
  void drop(curl_socket_t fd);
  void arm(const std::shared_ptr<Watch>& watch);
  void wait(const std::shared_ptr<Watch>& watch, int direction);
  void act(curl_socket_t fd, int events);
  void act_soon();
  void arm_timer();

  asio::io_context& context_;
  // libcurl moves its time at nearly every step, mostly to later, and each move of a timer is a system call: so the timer is
  // left to run off early and is then set to the time that is due.
  asio::steady_timer timer_;
  Clock::time_point due_ = Clock::time_point::max();    // as libcurl wants it
  Clock::time_point armed_ = Clock::time_point::max();  // no later than due_
  bool soon_ = false;                                   // act() is in the queue
  std::vector<CURL*> spare_;
  std::shared_ptr<Multi*> self_;  // what queued completions look at: null once this is gone
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::size_t most_spare_;
  CURLM* multi_;
};

}  // namespace tidings::http
