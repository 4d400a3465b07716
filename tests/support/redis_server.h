#pragma once
// A private redis-server for tests: on a loopback port that the kernel chose and on a unix socket, with its files in a
// folder of its own. Ended by its process id.

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/temp_folder.h"

namespace tidings::test {

// Blocks; what fails throws std::runtime_error with the end of the server's log.
class RedisServer {
 public:
  // options are given as on the command line, such as {"--appendonly", "yes"}. Without any: nothing is kept on disk.
  explicit RedisServer(std::vector<std::string> options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  static bool installed();

  int port() const { return port_; }
  std::string url() const;       // redis://127.0.0.1:PORT/0
  std::string unix_url() const;  // unix:PATH
  const TempFolder& folder() const { return folder_; }

  void kill();     // SIGKILL
  void stop();     // SIGTERM
  void freeze();   // SIGSTOP: connected, but silent
  void thaw();     // SIGCONT
  void start();    // again, with the same port and folder; returns when it answers
  void restart() {
    kill();
    start();
  }

  // One command over a connection of its own; the reply in RESP as it came. Errors of Redis are returned, not thrown.
  std::string command(const std::vector<std::string>& words) const;

 private:
  std::string log_tail() const;

  TempFolder folder_;
  std::vector<std::string> options_;
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace tidings::test
