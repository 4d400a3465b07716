#include "loop/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace tidings::loop {
namespace {

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

struct Ends {
  Fd read;
  Fd write;
};

Result<Ends> pipe_ends() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Error(Errc::io, std::string("cannot make a pipe: ") + std::strerror(errno));
  Ends made;
  made.read = Fd(ends[0]);
  made.write = Fd(ends[1]);
  return made;
}

Error failure(const std::string& program, int number) {
  const Errc code = number == ENOENT ? Errc::not_found : number == EACCES || number == EPERM ? Errc::refused : Errc::io;
  return Error(code, "cannot run " + program + ": " + std::strerror(number));
}

std::vector<std::string> environment_of(const ChildCommand& command) {
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

// posix_spawn(3) with the three pipes; the error is an errno.
int start(const ChildCommand& command, int input, int output, int errors, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // also what we were started with
  posix_spawn_file_actions_addchdir_np(&actions, command.folder.c_str());
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
  auto argv = command.argv;
  auto environment = environment_of(command);
  const int error = ::posix_spawnp(&pid, argv.front().c_str(), &actions, &attributes, pointers(argv).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

}  // namespace

Result<std::unique_ptr<Child>> Child::spawn(asio::any_io_executor executor, const ChildCommand& command) {
  if (command.argv.empty()) return Error(Errc::invalid, "a command without a program");
  auto input = pipe_ends();
  auto output = pipe_ends();
  auto errors = pipe_ends();
  for (const auto* ends : {&input, &output, &errors}) {
    if (!*ends) return ends->error();
  }
  pid_t pid = 0;
  if (const int error = start(command, input->read.get(), output->write.get(), errors->write.get(), pid); error != 0) {
    return failure(command.argv.front(), error);
  }
  // By number: <sys/pidfd.h> of glibc 2.36 declares pidfd_open without C linkage.
  Fd exit(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (exit.get() < 0) {
    const int error = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return failure(command.argv.front(), error);
  }
  return std::unique_ptr<Child>(
      new Child(std::move(executor), pid, exit.release(), input->write.release(), output->read.release(), errors->read.release()));
}

Child::Child(asio::any_io_executor executor, pid_t pid, int exit, int input, int output, int errors)
    : pid_(pid), exit_(executor, exit), input_(executor, input), output_(executor, output), errors_(executor, errors) {}

Child::~Child() {
  if (pid_ > 0) reap();
}

Task<bool> Child::ended() {
  const auto [error] = co_await exit_.async_wait(Pipe::wait_read, use_task);
  co_return !error;
}

void Child::signal(int number) {
  if (pid_ > 0) ::kill(-pid_, number);
}

int Child::reap() {
  // The group is killed before its leader is reaped: up to then its number cannot belong to anybody else. The wait is
  // short, since the leader has ended or has just been killed.
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace tidings::loop
