#pragma once
// Names to addresses: c-ares on the loop, so that no look-up costs a thread, and a cache that holds an answer for as long as
// its records say (RFC 1035, 3.2.1). /etc/hosts and the name servers of /etc/resolv.conf are asked; a change of that file is
// noticed. Addresses come in the order to be tried in (RFC 6724).

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "http/options.h"
#include "loop/asio.h"

struct ares_addrinfo;

namespace tidings::http {

// Loop thread only. No resolve() may be under way when it goes.
class Resolver {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  Resolver(asio::io_context& context, const Options& options, Metrics& metrics, Clock clock = std::chrono::steady_clock::now);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // At least one address, as text. Those who ask for the same name at the same time share a look-up; one whose task is
  // cancelled goes on without it. Errors: network (there is no such name, no server answered), invalid
  // (name_servers), cancelled.
  Task<Result<std::vector<std::string>>> resolve(std::string name);
  // What an earlier look-up has found, while it holds; null: it has to be looked up. Good until the next call.
  const std::vector<std::string>* known(const std::string& name);
  // All that wait for a look-up get `cancelled`.
  void cancel();

 private:
  struct Channel;  // a c-ares channel with its sockets and its timer
  struct Lookup;   // one name's, shared by those who wait for it
  struct Answer {
    std::vector<std::string> addresses;
    std::chrono::steady_clock::time_point until;
  };
  Result<std::shared_ptr<Channel>> channel();
  void answered(Channel& by, Lookup& lookup, int status, const ares_addrinfo* found);
  void remember(const Lookup& lookup, std::chrono::seconds ttl);

  asio::io_context& context_;
  std::vector<std::string> name_servers_;
  Clock clock_;
  std::vector<std::shared_ptr<Channel>> channels_;  // the last is asked; those before still wait for answers
  std::chrono::steady_clock::time_point look_at_file_;
  std::int64_t file_time_ = 0;  // of /etc/resolv.conf, when the channel was made
  std::unordered_map<std::string, Answer> answers_;
  std::size_t sweep_at_ = 1024;
  std::map<std::string, std::shared_ptr<Lookup>, std::less<>> lookups_;
  Counter& asked_;
  Counter& cached_;
  Counter& failures_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // c-ares gives its last answers while channels end
};

}  // namespace tidings::http
