#include "loop/notify.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace tidings::loop {
namespace {

// A service manager's end of the notification socket.
class Listener {
 public:
  Listener() : path_(std::filesystem::temp_directory_path() / ("tidings-notify-" + std::to_string(getpid()))) {
    std::filesystem::remove(path_);
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Listener() {
    ::close(socket_);
    std::filesystem::remove(path_);
  }
  std::string path() const { return path_.string(); }
  std::string receive() {
    char buffer[512];
    const auto n = ::recv(socket_, buffer, sizeof(buffer), 0);
    return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : std::string();
  }

 private:
  std::filesystem::path path_;
  int socket_ = -1;
};

TEST(Notify, says_ready_and_hides_the_socket_from_children) {
  Listener listener;
  setenv("NOTIFY_SOCKET", listener.path().c_str(), 1);
  asio::io_context context;
  Notify notify(context);
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
  notify.ready("following 3 sources");
  EXPECT_EQ(listener.receive(), "READY=1\nSTATUS=following 3 sources");
}

TEST(Notify, feeds_the_watchdog_only_while_healthy) {
  Listener listener;
  setenv("NOTIFY_SOCKET", listener.path().c_str(), 1);
  setenv("WATCHDOG_USEC", "3000", 1);
  asio::io_context context;
  Notify notify(context);
  int asked = 0;
  notify.feed_watchdog([&] {
    if (++asked == 4) notify.close();
    return asked == 2;
  });
  context.run();
  notify.status("done");
  EXPECT_EQ(listener.receive(), "WATCHDOG=1");
  EXPECT_EQ(listener.receive(), "STATUS=done");
}

TEST(Notify, is_silent_without_a_service_manager) {
  asio::io_context context;
  Notify notify(context);
  notify.ready("nobody listens");
  notify.feed_watchdog([] { return true; });
  context.run();
}

}  // namespace
}  // namespace tidings::loop
