#include "plugin/isolate.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace tidings::plugin {
namespace {

// Messages from the child: a letter, the text, and a NUL that ends it.
constexpr char kStep = 's';
constexpr char kResult = 'r';

void send(int to, char kind, const std::string& text) {
  std::string message = kind + text;
  for (char& c : message) {
    if (c == '\0') c = ' ';
  }
  message += '\0';
  for (std::string_view rest = message; !rest.empty();) {
    const ssize_t size = ::write(to, rest.data(), rest.size());
    if (size < 0 && errno != EINTR) return;
    if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
  }
}

[[noreturn]] void run_child(int to, const std::function<std::string(const Steps&)>& function, std::chrono::seconds limit) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int number : {SIGALRM, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGPIPE}) ::signal(number, SIG_DFL);
  ::alarm(static_cast<unsigned>(limit.count()));
  if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0) ::dup2(nowhere, STDOUT_FILENO);
  send(to, kResult, function(Steps(to)));
  ::_exit(0);
}

std::string end_of(int status, std::chrono::seconds limit) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return fmt::format("it did not come back within {} s", limit.count());
  if (WIFSIGNALED(status)) return fmt::format("it crashed with {}", ::strsignal(WTERMSIG(status)));
  return fmt::format("it ended the process with status {}", WEXITSTATUS(status));
}

}  // namespace

void Steps::begin(const std::string& step) const { send(to_, kStep, step); }

Isolated run_isolated(const std::function<std::string(const Steps&)>& function, std::chrono::seconds limit) {
  Isolated outcome;
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    outcome.end = fmt::format("there is no pipe for it: {}", std::strerror(errno));
    return outcome;
  }
  ::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    run_child(ends[1], function, limit);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    outcome.end = fmt::format("it cannot be forked: {}", std::strerror(errno));
    return outcome;
  }
  std::string said;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(ends[0], buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    said.append(buffer.data(), static_cast<std::size_t>(size));
    for (std::size_t end = 0; (end = said.find('\0')) != std::string::npos; said.erase(0, end + 1)) {
      if (said[0] == kStep) outcome.step = said.substr(1, end - 1);
      if (said[0] == kResult) {
        outcome.came_back = true;
        outcome.result = said.substr(1, end - 1);
      }
    }
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!outcome.came_back) outcome.end = end_of(status, limit);
  return outcome;
}

}  // namespace tidings::plugin
