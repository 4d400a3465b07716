#pragma once
// One life of a connection: a hiredis context whose descriptor is watched by Asio. Used by Connection alone.
//
// hiredis 0.14 frees its context by itself when the connection is lost, also inside redisAsyncHandleRead and -Write;
// context_ is null from then on. Every command's callback has then been called, with a null reply.

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/result.h"
#include "loop/asio.h"
#include "loop/event.h"
#include "redis/connection.h"

struct redisAsyncContext;

namespace tidings::redis {

struct Call::State {
  explicit State(asio::any_io_executor executor) : done(std::move(executor)) {}
  std::optional<Result<Reply>> result;
  std::chrono::steady_clock::time_point deadline;
  loop::Event done;
};

class Link : public std::enable_shared_from_this<Link> {
 public:
  // name is for messages.
  Link(asio::any_io_executor executor, std::string name);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Connects to a numeric address, or to a unix socket where port is 0. Never blocks.
  Task<Result<void>> open(std::string address, std::uint16_t port, std::chrono::steady_clock::time_point deadline);
  bool is_open() const { return context_ != nullptr && opened_; }
  std::size_t in_flight() const { return pending_.size(); }

  // Sets the state's result at once where the command cannot be sent.
  void send(const Command& command, std::shared_ptr<Call::State> state);
  // Calls in flight, and open(), fail for this reason.
  void close(Error reason);

 private:
  struct Hooks;  // what hiredis calls
  void attach(redisAsyncContext* context);
  void wait_readable();
  void wait_writable();
  void watch_deadline();
  void replied(void* reply);
  void detached();
  Error lost() const;

  asio::any_io_executor executor_;
  std::string name_;
  asio::posix::stream_descriptor descriptor_;
  asio::steady_timer deadline_;
  loop::Event open_done_;
  redisAsyncContext* context_ = nullptr;
  std::deque<std::shared_ptr<Call::State>> pending_;  // in the order of the replies
  std::chrono::steady_clock::time_point open_deadline_;
  std::optional<Error> reason_;  // why it ended, where we know more than hiredis
  bool opened_ = false;
  bool want_read_ = false;
  bool want_write_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool watching_ = false;
};

}  // namespace tidings::redis
