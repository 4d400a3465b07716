#include "support/name_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace tidings::test {
namespace {

constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kAaaa = 28;

std::string be16(unsigned value) { return {static_cast<char>(value >> 8 & 255), static_cast<char>(value & 255)}; }
std::string be32(std::uint32_t value) { return be16(value >> 16) + be16(value & 0xffff); }

}  // namespace

NameServer::NameServer() {
  socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

NameServer::~NameServer() {
  ::shutdown(socket_, SHUT_RDWR);  // wakes the thread
  thread_.join();
  ::close(socket_);
}

std::string NameServer::address() const { return "127.0.0.1:" + std::to_string(port_); }

void NameServer::set(const std::string& name, std::vector<std::string> addresses, std::uint32_t ttl) {
  const std::lock_guard lock(mutex_);
  records_[name] = {std::move(addresses), ttl};
}

void NameServer::silence() {
  const std::lock_guard lock(mutex_);
  is_silent_ = true;
}

unsigned NameServer::asked(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = asked_.find(name);
  return found == asked_.end() ? 0 : found->second;
}

void NameServer::serve() {
  std::array<char, 2048> bytes;
  for (;;) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const auto count = ::recvfrom(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (count <= 0) return;
    const std::string answer = answer_to({bytes.data(), static_cast<std::size_t>(count)});
    if (!answer.empty()) ::sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

std::string NameServer::answer_to(std::string_view question) {
  constexpr std::size_t kHeader = 12;
  std::string name;
  std::size_t at = kHeader;
  while (at < question.size() && question[at] != 0) {
    const auto length = static_cast<unsigned char>(question[at]);
    if (at + 1 + length >= question.size()) return {};
    name += (name.empty() ? "" : ".") + std::string(question.substr(at + 1, length));
    at += 1 + length;
  }
  if (at + 5 > question.size()) return {};
  const auto type = static_cast<std::uint16_t>(static_cast<unsigned char>(question[at + 1]) << 8 | static_cast<unsigned char>(question[at + 2]));

  const std::lock_guard lock(mutex_);
  ++asked_[name];
  if (is_silent_) return {};
  const auto known = records_.find(name);
  std::string records;
  unsigned count = 0;
  for (const auto& text : known == records_.end() ? std::vector<std::string>() : known->second.addresses) {
    const bool is_v6 = text.find(':') != std::string::npos;
    if (type != (is_v6 ? kAaaa : kA)) continue;
    std::string address(is_v6 ? 16 : 4, '\0');
    ::inet_pton(is_v6 ? AF_INET6 : AF_INET, text.c_str(), address.data());
    // The name is that of the question, by a pointer to it.
    records += be16(0xc000 | kHeader) + be16(type) + be16(1) + be32(known->second.ttl) + be16(static_cast<unsigned>(address.size())) + address;
    ++count;
  }
  constexpr unsigned kAnswer = 0x8180;
  constexpr unsigned kNoSuchName = 3;
  const unsigned flags = kAnswer | (known == records_.end() ? kNoSuchName : 0);
  return std::string(question.substr(0, 2)) + be16(flags) + be16(1) + be16(count) + be16(0) + be16(0) +
         std::string(question.substr(kHeader, at + 5 - kHeader)) + records;
}

}  // namespace tidings::test
