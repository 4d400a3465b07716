#include "redis/link.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <hiredis/async.h>

#include <utility>

namespace tidings::redis {
namespace {

using SteadyClock = std::chrono::steady_clock;

Reply to_reply(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
    case REDIS_REPLY_STRING:
      reply.type = from.type == REDIS_REPLY_STATUS  ? Reply::Type::status
                   : from.type == REDIS_REPLY_ERROR ? Reply::Type::error
                                                    : Reply::Type::string;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_INTEGER:
      reply.type = Reply::Type::integer;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.type = Reply::Type::array;
      reply.elements.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) reply.elements.push_back(to_reply(*from.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

}  // namespace

struct Link::Hooks {
  static Link& of(void* link) { return *static_cast<Link*>(link); }
  static Link& of(const redisAsyncContext* context) { return of(context->data); }

  static void add_read(void* link) {
    of(link).want_read_ = true;
    of(link).wait_readable();
  }
  static void del_read(void* link) { of(link).want_read_ = false; }
  static void add_write(void* link) {
    of(link).want_write_ = true;
    of(link).wait_writable();
  }
  static void del_write(void* link) { of(link).want_write_ = false; }
  static void cleanup(void* link) { of(link).detached(); }

  static void connected(const redisAsyncContext* context, int status) {
    Link& link = of(context);
    if (status == REDIS_OK) {
      link.opened_ = true;
    } else if (!link.reason_) {
      link.reason_ = link.lost();
    }
    link.open_done_.set();
  }
  static void replied(redisAsyncContext* context, void* reply, void*) { of(context).replied(reply); }
};

Link::Link(asio::any_io_executor executor, std::string name)
    : executor_(executor), name_(std::move(name)), descriptor_(executor), deadline_(executor), open_done_(executor) {}

Link::~Link() { close(Error(Errc::network, "the connection was closed")); }

Task<Result<void>> Link::open(std::string address, std::uint16_t port, SteadyClock::time_point deadline) {
  const auto self = shared_from_this();
  redisAsyncContext* context = port == 0 ? redisAsyncConnectUnix(address.c_str()) : redisAsyncConnect(address.c_str(), port);
  if (context == nullptr || context->err != 0) {
    const std::string why = context != nullptr ? context->errstr : "out of memory";
    if (context != nullptr) redisAsyncFree(context);
    co_return Error(Errc::network, fmt::format("cannot connect to redis at {}: {}", name_, why));
  }
  open_deadline_ = deadline;
  attach(context);
  watch_deadline();
  co_await open_done_.wait();
  if (!is_open()) {
    Error why = reason_ ? *reason_ : lost();
    close(why);
    co_return why;
  }
  co_return Result<void>();
}

void Link::attach(redisAsyncContext* context) {
  context_ = context;
  // hiredis 0.14 does not set it, and a child process must not hold the connection.
  ::fcntl(context->c.fd, F_SETFD, FD_CLOEXEC);
  descriptor_.assign(context->c.fd);
  context->data = this;
  context->ev = {this, Hooks::add_read, Hooks::del_read, Hooks::add_write, Hooks::del_write, Hooks::cleanup};
  // Last: it asks at once for the write event that detects the connection.
  redisAsyncSetConnectCallback(context, Hooks::connected);
}

void Link::wait_readable() {
  if (context_ == nullptr || !want_read_ || reading_) return;
  reading_ = true;
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, [self = shared_from_this()](error_code) {
    self->reading_ = false;
    if (self->context_ == nullptr || !self->want_read_) return;
    redisAsyncHandleRead(self->context_);
    self->wait_readable();
  });
}

void Link::wait_writable() {
  if (context_ == nullptr || !want_write_ || writing_) return;
  writing_ = true;
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_write, [self = shared_from_this()](error_code) {
    self->writing_ = false;
    if (self->context_ == nullptr || !self->want_write_) return;
    redisAsyncHandleWrite(self->context_);
    self->wait_writable();
  });
}

void Link::watch_deadline() {
  if (context_ == nullptr || watching_ || (opened_ && pending_.empty())) return;
  watching_ = true;
  deadline_.expires_at(opened_ ? pending_.front()->deadline : open_deadline_);
  deadline_.async_wait([self = shared_from_this()](error_code) {
    self->watching_ = false;
    if (self->context_ == nullptr) return;
    const auto now = SteadyClock::now();
    if (!self->opened_ && now >= self->open_deadline_) {
      self->close(Error(Errc::timeout, fmt::format("redis at {} did not answer the connection in time", self->name_)));
    } else if (self->opened_ && !self->pending_.empty() && now >= self->pending_.front()->deadline) {
      self->close(Error(Errc::timeout, fmt::format("redis at {} did not reply in time", self->name_)));
    } else {
      self->watch_deadline();
    }
  });
}

void Link::send(const Command& command, std::shared_ptr<Call::State> state) {
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  words.reserve(command.size());
  sizes.reserve(command.size());
  for (const auto& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  pending_.push_back(state);
  if (!is_open() || redisAsyncCommandArgv(context_, Hooks::replied, nullptr, static_cast<int>(words.size()), words.data(),
                                          sizes.data()) != REDIS_OK) {
    pending_.pop_back();
    state->result = lost();
    state->done.set();
    return;
  }
  watch_deadline();
}

void Link::replied(void* reply) {
  const auto state = std::move(pending_.front());
  pending_.pop_front();
  if (reply != nullptr) {
    state->result = to_reply(*static_cast<const redisReply*>(reply));
  } else {
    state->result = reason_ ? *reason_ : lost();
  }
  state->done.set();
}

void Link::close(Error reason) {
  if (context_ == nullptr) return;
  reason_ = std::move(reason);
  // Calls every pending callback and then detached(). Never from inside a callback: those only set events.
  redisAsyncFree(context_);
}

void Link::detached() {
  if (!reason_) reason_ = lost();
  // hiredis closes the descriptor: it is not ours to close.
  descriptor_.release();
  context_->ev = {};
  context_ = nullptr;
  deadline_.cancel();
  open_done_.set();
}

Error Link::lost() const {
  const char* why = context_ != nullptr && context_->errstr != nullptr ? context_->errstr : "";
  if (reason_ && *why == '\0') return *reason_;
  return {Errc::network, opened_ ? fmt::format("the connection to redis at {} was lost{}{}", name_, *why != '\0' ? ": " : "", why)
                                 : fmt::format("cannot connect to redis at {}: {}", name_, *why != '\0' ? why : "no connection")};
}

}  // namespace tidings::redis
