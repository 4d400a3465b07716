#include "http/resolver.h"

#include <ares.h>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/stat.h>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include "loop/event.h"

namespace tidings::http {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* kServersFile = "/etc/resolv.conf";
constexpr seconds kLookAtFile(5);
// What a record may ask for is held to these: none at all would have every poll ask, and a day outlives a move.
constexpr seconds kMinTtl(1);
constexpr seconds kMaxTtl(3600);
// What /etc/hosts says has no time of its own.
constexpr seconds kHostsTtl(60);
constexpr int kTryTimeoutMs = 2000;  // doubled at each of the tries
constexpr int kTries = 3;

void start_library() {
  static const int started = ares_library_init(ARES_LIB_INIT_ALL);
  if (started != ARES_SUCCESS) throw std::bad_alloc();
}

std::int64_t time_of_servers_file() {
  struct stat found {};
  return ::stat(kServersFile, &found) == 0 ? found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec : 0;
}

std::string text_of(const ares_addrinfo_node& node) {
  char text[INET6_ADDRSTRLEN] = {};
  const void* address = node.ai_family == AF_INET ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(node.ai_addr)->sin_addr)
                                                  : &reinterpret_cast<const sockaddr_in6*>(node.ai_addr)->sin6_addr;
  return ::inet_ntop(node.ai_family, address, text, sizeof text) != nullptr ? text : "";
}

}  // namespace

struct Resolver::Lookup {
  Lookup(asio::io_context& context, std::string n) : name(std::move(n)), done(context.get_executor()) {}
  std::string name;
  std::optional<Result<std::vector<std::string>>> result;
  loop::Event done;
};

struct Resolver::Channel : std::enable_shared_from_this<Channel> {
  // What c-ares hands back with an answer.
  struct Question {
    std::shared_ptr<bool> alive;  // false: the resolver is going
    Resolver* resolver;
    Channel* channel;
    std::shared_ptr<Lookup> lookup;
  };
  struct Watch {
    explicit Watch(asio::io_context& context, int fd) : descriptor(context, fd) {}
    asio::posix::stream_descriptor descriptor;  // c-ares owns the socket: it is released, not closed
    bool reads = false, writes = false;         // wanted
    bool reading = false, writing = false;      // waits under way
  };

  explicit Channel(asio::io_context& c) : context(c), timer(c) {}
  ~Channel() {
    if (channel != nullptr) ares_destroy(channel);
  }

  Result<void> open(const std::vector<std::string>& name_servers) {
    ares_options options{};
    options.timeout = kTryTimeoutMs;
    options.tries = kTries;
    options.sock_state_cb = &Channel::on_socket;
    options.sock_state_cb_data = this;
    int status = ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
    if (status == ARES_SUCCESS && !name_servers.empty()) {
      status = ares_set_servers_ports_csv(channel, fmt::format("{}", fmt::join(name_servers, ",")).c_str());
    }
    if (status == ARES_SUCCESS) return {};
    const std::string servers = fmt::format("{}", fmt::join(name_servers, ", "));
    return Error(Errc::invalid, fmt::format("names cannot be looked up at '{}': {}", servers, ares_strerror(status)));
  }

  void ask(std::unique_ptr<Question> question) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    const std::string name = question->lookup->name;
    ++waiting;
    ares_getaddrinfo(channel, name.c_str(), nullptr, &hints, &Channel::on_answer, question.release());
    set_timer();
  }

  static void on_answer(void* given, int status, int, ares_addrinfo* found) {
    const std::unique_ptr<Question> question(static_cast<Question*>(given));
    --question->channel->waiting;
    if (*question->alive) question->resolver->answered(*question->channel, *question->lookup, status, found);
    ares_freeaddrinfo(found);
  }

  static void on_socket(void* self, ares_socket_t fd, int reads, int writes) {
    auto& channel = *static_cast<Channel*>(self);
    const auto known = channel.watches.find(fd);
    if (reads == 0 && writes == 0) {
      if (known == channel.watches.end()) return;
      known->second->descriptor.release();
      channel.watches.erase(known);
      return;
    }
    auto watch = known != channel.watches.end() ? known->second : std::make_shared<Watch>(channel.context, fd);
    watch->reads = reads != 0;
    watch->writes = writes != 0;
    channel.watches[fd] = watch;
    channel.arm(fd, watch);
  }

  void arm(int fd, const std::shared_ptr<Watch>& watch) {
    if (watch->reads && !std::exchange(watch->reading, true)) {
      watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [this, fd, watch, self = weak_from_this()](error_code) {
        watch->reading = false;
        if (const auto kept = self.lock()) ready(fd, watch, fd, ARES_SOCKET_BAD);
      });
    }
    if (watch->writes && !std::exchange(watch->writing, true)) {
      watch->descriptor.async_wait(asio::posix::stream_descriptor::wait_write, [this, fd, watch, self = weak_from_this()](error_code) {
        watch->writing = false;
        if (const auto kept = self.lock()) ready(fd, watch, ARES_SOCKET_BAD, fd);
      });
    }
  }

  void ready(int fd, const std::shared_ptr<Watch>& watch, int readable, int writable) {
    const auto is_current = [&] {
      const auto known = watches.find(fd);
      return known != watches.end() && known->second == watch;
    };
    if (!is_current()) return;
    ares_process_fd(channel, readable, writable);
    if (is_current()) arm(fd, watch);
    set_timer();
  }

  void set_timer() {
    timeval longest{1, 0};
    timeval time{};
    if (watches.empty()) {
      timer.cancel();
      return;
    }
    const timeval* next = ares_timeout(channel, &longest, &time);
    timer.expires_after(seconds(next->tv_sec) + std::chrono::microseconds(next->tv_usec));
    timer.async_wait([this, self = weak_from_this()](error_code cancelled) {
      const auto kept = self.lock();
      if (cancelled || !kept) return;
      ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      set_timer();
    });
  }

  asio::io_context& context;
  ares_channel channel = nullptr;
  std::map<int, std::shared_ptr<Watch>> watches;
  asio::steady_timer timer;
  std::size_t waiting = 0;  // questions without an answer
};

Resolver::Resolver(asio::io_context& context, const Options& options, Metrics& metrics, Clock clock)
    : context_(context),
      name_servers_(options.name_servers),
      clock_(std::move(clock)),
      asked_(metrics.counter("tidings_dns_lookups_total", "Names that were looked up")),
      cached_(metrics.counter("tidings_dns_cached_total", "Names whose addresses were still known")),
      failures_(metrics.counter("tidings_dns_failures_total", "Look-ups that gave no address")) {
  start_library();
}

Resolver::~Resolver() { *alive_ = false; }

// A channel knows the name servers of the time when it was made.
Result<std::shared_ptr<Resolver::Channel>> Resolver::channel() {
  const auto now = clock_();
  if (!channels_.empty() && (!name_servers_.empty() || now < look_at_file_)) return channels_.back();
  look_at_file_ = now + kLookAtFile;
  const std::int64_t file_time = time_of_servers_file();
  if (!channels_.empty() && file_time == file_time_) return channels_.back();
  auto made = std::make_shared<Channel>(context_);
  if (auto opened = made->open(name_servers_); !opened) return opened.error();
  file_time_ = file_time;
  if (!channels_.empty() && channels_.back()->waiting == 0) channels_.pop_back();
  channels_.push_back(made);
  return made;
}

const std::vector<std::string>* Resolver::known(const std::string& name) {
  const auto found = answers_.find(name);
  if (found == answers_.end()) return nullptr;
  if (clock_() >= found->second.until) {
    answers_.erase(found);
    return nullptr;
  }
  cached_.add();
  return &found->second.addresses;
}

void Resolver::cancel() {
  for (const auto& [name, lookup] : std::exchange(lookups_, {})) {
    lookup->result = Error(Errc::cancelled, fmt::format("the look-up of {} was cancelled", name));
    lookup->done.set();
  }
}

Task<Result<std::vector<std::string>>> Resolver::resolve(std::string name) {
  if (const auto* addresses = known(name)) co_return *addresses;
  std::shared_ptr<Lookup> lookup;
  if (const auto under_way = lookups_.find(name); under_way != lookups_.end()) {
    lookup = under_way->second;
  } else {
    auto asked = channel();
    if (!asked) co_return asked.error();
    lookup = std::make_shared<Lookup>(context_, name);
    lookups_.emplace(name, lookup);
    asked_.add();
    // The answer may come within this call.
    (*asked)->ask(std::make_unique<Channel::Question>(Channel::Question{alive_, this, asked->get(), lookup}));
  }
  const error_code cancelled = co_await lookup->done.wait();
  if (cancelled) co_return Error(Errc::cancelled, fmt::format("the look-up of {} was cancelled", name));
  co_return *lookup->result;
}

void Resolver::answered(Channel& by, Lookup& lookup, int status, const ares_addrinfo* found) {
  std::vector<std::string> addresses;
  seconds ttl = kMaxTtl;
  const auto* nodes = status == ARES_SUCCESS && found != nullptr ? found->nodes : nullptr;
  for (const auto* node = nodes; node != nullptr; node = node->ai_next) {
    std::string text = text_of(*node);
    if (text.empty() || std::ranges::find(addresses, text) != addresses.end()) continue;
    addresses.push_back(std::move(text));
    ttl = std::min(ttl, node->ai_ttl > 0 ? seconds(node->ai_ttl) : kHostsTtl);
  }
  if (addresses.empty()) {
    failures_.add();
    const bool is_unknown = status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_SUCCESS;
    lookup.result = Error(Errc::network, is_unknown ? fmt::format("the name {} cannot be resolved", lookup.name)
                                                    : fmt::format("the name {} cannot be resolved: {}", lookup.name, ares_strerror(status)));
  } else {
    lookup.result = std::move(addresses);
    remember(lookup, std::clamp(ttl, kMinTtl, kMaxTtl));
  }
  lookup.done.set();
  lookups_.erase(lookup.name);
  if (by.waiting > 0 || &by == channels_.back().get()) return;
  // Not here: c-ares is still at work in it.
  asio::post(context_, [this, alive = alive_] {
    if (!*alive) return;
    std::erase_if(channels_, [&](const auto& channel) { return channel != channels_.back() && channel->waiting == 0; });
  });
}

void Resolver::remember(const Lookup& lookup, seconds ttl) {
  const auto now = clock_();
  if (answers_.size() >= sweep_at_) {
    std::erase_if(answers_, [&](const auto& known) { return known.second.until <= now; });
    sweep_at_ = std::max<std::size_t>(1024, 2 * answers_.size());
  }
  answers_.insert_or_assign(lookup.name, Answer{**lookup.result, now + ttl});
}

}  // namespace tidings::http
