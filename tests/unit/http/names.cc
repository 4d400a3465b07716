#include "names.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>

namespace tidings::test {
namespace {

struct Names {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::vector<std::string>> known;
  std::set<std::string> slow;
  unsigned blocked = 0;
};

// Never destroyed: a lookup that was given up may outlive main.
Names& names() {
  static Names& instance = *new Names;
  return instance;
}

addrinfo* entry(const std::string& address, int port) {
  auto* block = static_cast<char*>(std::calloc(1, sizeof(addrinfo) + sizeof(sockaddr_in6)));
  auto* info = reinterpret_cast<addrinfo*>(block);
  auto* v4 = reinterpret_cast<sockaddr_in*>(block + sizeof(addrinfo));
  auto* v6 = reinterpret_cast<sockaddr_in6*>(v4);
  info->ai_addr = reinterpret_cast<sockaddr*>(v4);
  info->ai_socktype = SOCK_STREAM;
  info->ai_protocol = IPPROTO_TCP;
  if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
    info->ai_family = v4->sin_family = AF_INET;
    info->ai_addrlen = sizeof(sockaddr_in);
    v4->sin_port = htons(static_cast<std::uint16_t>(port));
  } else {
    inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr);
    info->ai_family = v6->sin6_family = AF_INET6;
    info->ai_addrlen = sizeof(sockaddr_in6);
    v6->sin6_port = htons(static_cast<std::uint16_t>(port));
  }
  return info;
}

}  // namespace

void set_name(const std::string& name, std::vector<std::string> addresses) {
  const std::lock_guard lock(names().mutex);
  names().known[name] = std::move(addresses);
}

void set_slow_name(const std::string& name) {
  const std::lock_guard lock(names().mutex);
  names().slow.insert(name);
}

void release_names() {
  const std::lock_guard lock(names().mutex);
  names().slow.clear();
  names().changed.notify_all();
}

void wait_for_slow_lookups(unsigned count) {
  std::unique_lock lock(names().mutex);
  names().changed.wait(lock, [&] { return names().blocked >= count; });
}

}  // namespace tidings::test

extern "C" {

__attribute__((visibility("default"))) int getaddrinfo(const char* node, const char* service, const addrinfo*,
                                                       addrinfo** out) {
  using tidings::test::names;
  const std::string name = node != nullptr ? node : "";
  std::unique_lock lock(names().mutex);
  if (names().slow.count(name) > 0) {
    ++names().blocked;
    names().changed.notify_all();
    names().changed.wait(lock, [&] { return names().slow.count(name) == 0; });
    --names().blocked;
  }
  const auto found = names().known.find(name);
  if (found == names().known.end()) return EAI_NONAME;
  *out = nullptr;
  for (auto address = found->second.rbegin(); address != found->second.rend(); ++address) {
    addrinfo* info = tidings::test::entry(*address, service != nullptr ? std::atoi(service) : 0);
    info->ai_next = *out;
    *out = info;
  }
  return 0;
}

__attribute__((visibility("default"))) void freeaddrinfo(addrinfo* list) {
  while (list != nullptr) {
    addrinfo* next = list->ai_next;
    std::free(list);
    list = next;
  }
}
}
