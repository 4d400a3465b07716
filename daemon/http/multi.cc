#include "http/multi.h"

#include <fcntl.h>
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <new>
#include <utility>

namespace tidings::http {

// libcurl's descriptor is waited on through a duplicate of our own. libcurl may close its own, and its number be given to
// another socket, before it says that it is no longer wanted: while it connects it tells nobody at all (curl 7.88,
// https://github.com/curl/curl/issues/14976), and by that number somebody else's socket would be taken out of the loop.
// A completed wait counts only while its own watch is the current one of the number.
struct Multi::Watch {
  Watch(Multi* multi, asio::io_context& context, curl_socket_t fd) : owner(multi), number(fd), descriptor(context) {
    const int duplicate = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    error_code error;
    if (duplicate >= 0) descriptor.assign(duplicate, error);
    is_broken = duplicate < 0 || error;
    if (duplicate >= 0 && error) ::close(duplicate);
  }

  Multi* owner;  // null once the watch was dropped
  curl_socket_t number;
  asio::posix::stream_descriptor descriptor;
  bool is_broken = false;
  int wanted = 0;  // CURL_POLL_IN, CURL_POLL_OUT
  int armed = 0;   // directions that have a wait under way: at most one each
};

static_assert(CURL_POLL_IN == CURL_CSELECT_IN && CURL_POLL_OUT == CURL_CSELECT_OUT && CURL_POLL_INOUT == 3);

Multi::Multi(asio::io_context& context, unsigned max_connections, unsigned max_connections_per_host)
    : context_(context),
      timer_(context),
      self_(std::make_shared<Multi*>(this)),
      most_spare_(max_connections),
      multi_(curl_multi_init()) {
  if (multi_ == nullptr) throw std::bad_alloc();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(max_connections));
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(max_connections_per_host));
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(max_connections));
}

Multi::~Multi() {
  for (CURL* easy : spare_) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi_);  // calls on_socket and close_socket
  while (!watches_.empty()) drop(watches_.begin()->first);
  *self_ = nullptr;
}

CURL* Multi::take_handle() {
  if (spare_.empty()) {
    CURL* made = curl_easy_init();
    if (made == nullptr) throw std::bad_alloc();
    return made;
  }
  CURL* easy = spare_.back();
  spare_.pop_back();
  return easy;
}

void Multi::give_back(CURL* easy) {
  if (spare_.size() >= most_spare_) return curl_easy_cleanup(easy);
  curl_easy_reset(easy);
  spare_.push_back(easy);
}

void Multi::add(CURL* easy, Listener& listener) {
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &listener);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Multi::close_socket);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
  if (curl_multi_add_handle(multi_, easy) != CURLM_OK) throw std::bad_alloc();
}

void Multi::remove(CURL* easy) { curl_multi_remove_handle(multi_, easy); }

void Multi::resume(CURL* easy) { curl_easy_pause(easy, CURLPAUSE_CONT); }

int Multi::on_socket(CURL*, curl_socket_t fd, int wanted, void* self, void* known) {
  auto& multi = *static_cast<Multi*>(self);
  if (wanted == CURL_POLL_REMOVE) {
    multi.drop(fd);
  } else {
    multi.watch(fd, wanted, known == nullptr);
  }
  return 0;
}

// Our duplicate goes first: it would keep the connection open.
int Multi::close_socket(void* self, curl_socket_t fd) {
  static_cast<Multi*>(self)->drop(fd);
  return ::close(fd);
}

void Multi::watch(curl_socket_t fd, int wanted, bool is_new) {
  if (is_new) drop(fd);  // libcurl does not know our watch of this number: it belonged to a socket that is gone
  auto& current = watches_[fd];
  if (!current) {
    current = std::make_shared<Watch>(this, context_, fd);
    curl_multi_assign(multi_, fd, current.get());
  }
  current->wanted = wanted;
  arm(current);
}

void Multi::drop(curl_socket_t fd) {
  const auto found = watches_.find(fd);
  if (found == watches_.end()) return;
  found->second->owner = nullptr;
  error_code ignored;
  found->second->descriptor.close(ignored);
  watches_.erase(found);
}

void Multi::arm(const std::shared_ptr<Watch>& watch) {
  for (const int direction : {CURL_POLL_IN, CURL_POLL_OUT}) {
    if ((watch->wanted & direction) != 0 && (watch->armed & direction) == 0) wait(watch, direction);
  }
}

void Multi::wait(const std::shared_ptr<Watch>& watch, int direction) {
  watch->armed |= direction;
  auto completion = [watch, direction](error_code error) {
    watch->armed &= ~direction;
    if (watch->owner == nullptr || error == asio::error::operation_aborted || (watch->wanted & direction) == 0) return;
    Multi& multi = *watch->owner;
    multi.act(watch->number, error ? direction | CURL_CSELECT_ERR : direction);
    if (watch->owner != nullptr && !error) multi.arm(watch);
  };
  if (watch->is_broken) {
    asio::post(context_, [completion = std::move(completion)] { completion(asio::error::bad_descriptor); });
  } else {
    watch->descriptor.async_wait(
        direction == CURL_POLL_IN ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write,
        std::move(completion));
  }
}

// Called by libcurl in the middle of its work: only notes the time. Zero means soon, not now.
int Multi::on_timer(CURLM*, long milliseconds, void* self) {
  auto& multi = *static_cast<Multi*>(self);
  multi.due_ = milliseconds < 0 ? Clock::time_point::max() : Clock::now() + std::chrono::milliseconds(milliseconds);
  if (milliseconds == 0) {
    multi.act_soon();
  } else if (multi.due_ < multi.armed_) {
    multi.arm_timer();
  }
  return 0;
}

void Multi::act_soon() {
  if (std::exchange(soon_, true)) return;
  asio::post(context_, [token = self_] {
    if (*token == nullptr) return;
    (*token)->soon_ = false;
    (*token)->act(CURL_SOCKET_TIMEOUT, 0);
  });
}

void Multi::arm_timer() {
  armed_ = due_;
  timer_.expires_at(armed_);
  timer_.async_wait([token = self_](error_code error) {
    if (error || *token == nullptr) return;
    Multi& multi = **token;
    multi.armed_ = Clock::time_point::max();
    if (multi.due_ <= Clock::now()) {
      multi.due_ = Clock::time_point::max();
      multi.act(CURL_SOCKET_TIMEOUT, 0);
    } else if (multi.due_ != Clock::time_point::max()) {
      multi.arm_timer();
    }
  });
}

void Multi::act(curl_socket_t fd, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, events, &running);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;  // the message is gone with the handle
    Listener* listener = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &listener);
    curl_multi_remove_handle(multi_, easy);
    listener->on_end(code);
  }
}

}  // namespace tidings::http
