#include "alert/command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/chrono.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "loop/timeout.h"

namespace tidings::alert {
namespace {

using asio::posix::stream_descriptor;

// Owns one descriptor.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// A process that leads its group. Destroyed, all of the group is killed.
class Child {
 public:
  Child(pid_t pid, Fd exit, Fd output) : pid_(pid), exit_(std::move(exit)), output_(std::move(output)) {}
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, 0)), exit_(std::move(other.exit_)), output_(std::move(other.output_)) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid_ > 0) end();
  }

  int release_exit() { return exit_.release(); }
  int release_output() { return output_.release(); }

  // The group is killed before its leader is reaped: up to then its number cannot belong to anybody else. The wait is
  // short, since the leader has ended or has just been killed.
  int end() {
    ::kill(-pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  pid_t pid_;
  Fd exit_;    // becomes readable when the leader has ended
  Fd output_;  // the reading end
};

Error failure(const Command& command, int number) {
  const Errc code = number == ENOENT ? Errc::not_found : number == EACCES || number == EPERM ? Errc::refused : Errc::io;
  return Error(code, "cannot run " + command.argv.front() + ": " + std::strerror(number));
}

// A file in memory: the program reads at its own pace, and one that does not read blocks nobody.
Result<Fd> input_file(const Command& command) {
  Fd file(::memfd_create("payload", MFD_CLOEXEC));
  if (file.get() < 0) return failure(command, errno);
  std::string_view left = command.input;
  while (!left.empty()) {
    const ssize_t written = ::write(file.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(command, errno);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::vector<std::string> environment_of(const Command& command) {
  std::vector<std::string> all = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"};
  for (const char* name : {"HOME", "TZ"}) {
    if (const char* value = std::getenv(name)) all.push_back(std::string(name) + "=" + value);
  }
  for (const auto& [name, value] : command.environment) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (auto& s : strings) all.push_back(s.data());
  all.push_back(nullptr);
  return all;
}

Result<Child> spawn(Command& command) {
  if (command.argv.empty()) return Error(Errc::invalid, "a command without a program");
  auto input = input_file(command);
  if (!input) return input.error();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure(command, errno);
  Fd reading(ends[0]);
  const Fd writing(ends[1]);
  ::fcntl(reading.get(), F_SETFL, O_NONBLOCK);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input->get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // also what we were started with
  posix_spawn_file_actions_addchdir_np(&actions, "/");
  // A group of its own, and signals as a program expects them: we ignore SIGPIPE.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  auto environment = environment_of(command);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, command.argv.front().c_str(), &actions, &attributes, pointers(command.argv).data(),
                                  pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return failure(command, error);
  // By number: <sys/pidfd.h> of glibc 2.36 declares pidfd_open without C linkage.
  const int exit = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  const int pidfd_error = errno;
  Child child(pid, Fd(exit), std::move(reading));
  if (exit < 0) return failure(command, pidfd_error);
  return child;
}

// Reads what there is without waiting. False: the other end is closed.
bool read_some(stream_descriptor& from, std::string& output, std::size_t max_bytes) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(from.native_handle(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    if (size == 0) return false;
    output.append(buffer.data(), std::min(static_cast<std::size_t>(size), max_bytes - output.size()));
  }
}

Task<bool> read_output(stream_descriptor& from, std::string& output, std::size_t max_bytes) {
  while (read_some(from, output, max_bytes)) {
    const auto [error] = co_await from.async_wait(stream_descriptor::wait_read, use_task);
    if (error) co_return false;
  }
  // Closed its output and runs on: only its end is waited for.
  co_return !co_await loop::sleep_for(std::chrono::hours(24 * 365));
}

Task<bool> wait_for_end(stream_descriptor& exit) {
  const auto [error] = co_await exit.async_wait(stream_descriptor::wait_read, use_task);
  co_return !error;
}

// Completes when the program has ended; its output is read meanwhile.
Task<bool> follow(stream_descriptor& exit, stream_descriptor& from, std::string& output, std::size_t max_bytes) {
  using namespace asio::experimental::awaitable_operators;
  Task<bool> ended = wait_for_end(exit);
  Task<bool> reading = read_output(from, output, max_bytes);
  auto either = std::move(ended) || std::move(reading);
  const auto first = co_await std::move(either);
  co_return first.index() == 0;
}

}  // namespace

Task<Result<CommandResult>> run(Command command) {
  auto child = spawn(command);
  if (!child) co_return child.error();
  const auto executor = co_await asio::this_coro::executor;
  stream_descriptor exit(executor, child->release_exit());
  stream_descriptor output(executor, child->release_output());

  CommandResult result;
  const auto ended = co_await loop::with_timeout(follow(exit, output, result.output, command.max_output_bytes), command.timeout);
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (cancelled != asio::cancellation_type::none) {
    co_return Error(Errc::cancelled, command.argv.front() + " was killed: we are stopping");
  }
  if (!ended) {
    co_return Error(Errc::timeout, fmt::format("{} did not end within {} and was killed", command.argv.front(), command.timeout));
  }
  read_some(output, result.output, command.max_output_bytes);
  result.exit_status = child->end();
  co_return result;
}

}  // namespace tidings::alert
