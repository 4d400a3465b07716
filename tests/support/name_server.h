#pragma once
// A DNS server on a loopback port (RFC 1035, over UDP), for tests: answers for the names that it was told of, NXDOMAIN for
// others.

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tidings::test {

// Runs on a thread of its own for as long as it lives. Safe from any thread.
class NameServer {
 public:
  NameServer();
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  std::string address() const;  // "127.0.0.1:PORT"
  // IPv4 and IPv6 addresses; one without any has no records.
  void set(const std::string& name, std::vector<std::string> addresses, std::uint32_t ttl);
  // It hears what it is asked, and answers nothing from now on.
  void silence();
  // Questions for this name, of any type.
  unsigned asked(const std::string& name) const;

 private:
  struct Records {
    std::vector<std::string> addresses;
    std::uint32_t ttl = 0;
  };
  void serve();
  std::string answer_to(std::string_view question);

  mutable std::mutex mutex_;
  std::map<std::string, Records> records_;
  std::map<std::string, unsigned> asked_;
  bool is_silent_ = false;
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace tidings::test
