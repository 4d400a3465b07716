#include "loop/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
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

// One standard stream of the child: its end, and ours where we have one.
struct Ends {
  Fd child;
  Fd ours;
};

Error io_failure(const char* what) { return Error(Errc::io, std::string("cannot make ") + what + ": " + std::strerror(errno)); }

enum class Direction { to_child, from_child };

Result<Ends> pipe_ends(Direction direction) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return io_failure("a pipe");
  Ends made;
  made.child = Fd(ends[direction == Direction::to_child ? 0 : 1]);
  made.ours = Fd(ends[direction == Direction::to_child ? 1 : 0]);
  return made;
}

// A file in memory that the child reads at its own pace.
Result<Ends> file_of(std::string_view input) {
  Ends made;
  made.child = Fd(::memfd_create("input", MFD_CLOEXEC));
  if (made.child.get() < 0) return io_failure("a file in memory");
  while (!input.empty()) {
    const ssize_t written = ::write(made.child.get(), input.data(), input.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return io_failure("a file in memory");
    input.remove_prefix(static_cast<std::size_t>(written));
  }
  ::lseek(made.child.get(), 0, SEEK_SET);
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
  // A group of its own, and signals as a program expects them: we ignore some.
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
  auto input = command.input ? file_of(*command.input) : pipe_ends(Direction::to_child);
  auto output = pipe_ends(Direction::from_child);
  auto errors = command.errors_to_output ? Result<Ends>(Ends()) : pipe_ends(Direction::from_child);
  for (const auto* ends : {&input, &output, &errors}) {
    if (!*ends) return ends->error();
  }
  const int error_end = command.errors_to_output ? output->child.get() : errors->child.get();
  pid_t pid = 0;
  if (const int error = start(command, input->child.get(), output->child.get(), error_end, pid); error != 0) {
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
      new Child(std::move(executor), pid, exit.release(), input->ours.release(), output->ours.release(), errors->ours.release()));
}

Child::Child(asio::any_io_executor executor, pid_t pid, int exit, int input, int output, int errors)
    : pid_(pid), exit_number_(exit), exit_(executor, exit), input_(executor), output_(executor, output), errors_(executor) {
  if (input >= 0) input_.assign(input);
  if (errors >= 0) errors_.assign(errors);
}

Child::~Child() { reap(); }

Task<bool> Child::ended() {
  // Asio 1.26 may end a wait for nothing: an event of a descriptor that was closed is kept with the record that the next
  // descriptor gets (epoll_reactor::free_descriptor_state), and a wait, unlike a read, does not look again.
  while (!has_ended()) {
    const auto [error] = co_await exit_.async_wait(Pipe::wait_read, use_task);
    if (error) co_return false;
  }
  co_return true;
}

bool Child::has_ended() const {
  pollfd exit{exit_number_, POLLIN, 0};
  return pid_ <= 0 || ::poll(&exit, 1, 0) > 0;
}

void Child::signal(int number) {
  if (pid_ > 0) ::kill(-pid_, number);
}

int Child::reap() {
  if (pid_ <= 0) return 0;  // and kill(0, ...) would be for our own group
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
