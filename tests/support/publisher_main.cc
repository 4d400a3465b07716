// A program that commits rows and publishes them, made to be killed at a chosen moment: the failpoints are in its own
// write() and read(), which hiredis calls, so the product has none.
//
//   publisher_main STORE REDIS_URL FIRST COUNT
//
// Commits COUNT rows "row-FIRST" and on, in batches of 20, publishes all that wait and prints "done". The environment
// variable FAILPOINT says when it kills itself (SIGKILL): before_send, after_send (in the middle of a write to Redis, or
// after it) or after_ack (after a read from it), each at the n-th time: "after_send:7".

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "loop/task_scope.h"
#include "publish/publisher.h"
#include "store/store.h"

namespace {

std::string failpoint_name;
long failpoint_count = 0;

// True at the n-th pass of the failpoint of this name.
bool reached(const char* name, int fd) {
  struct stat status {};
  return failpoint_name == name && ::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) && --failpoint_count == 0;
}

[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}

void read_failpoint() {
  const char* text = std::getenv("FAILPOINT");
  if (text == nullptr) return;
  const char* colon = std::strchr(text, ':');
  if (colon == nullptr) return;
  failpoint_name.assign(text, colon);
  failpoint_count = std::atol(colon + 1);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) ssize_t write(int fd, const void* bytes, size_t size) {
  if (reached("before_send", fd)) die();
  const ssize_t done = ::syscall(SYS_write, fd, bytes, size);
  if (reached("after_send", fd)) die();
  return done;
}

extern "C" __attribute__((visibility("default"))) ssize_t read(int fd, void* bytes, size_t size) {
  const ssize_t done = ::syscall(SYS_read, fd, bytes, size);
  if (reached("after_ack", fd)) die();
  return done;
}

namespace tidings {
namespace {

Task<> work(store::Store& store, publish::Publisher& publisher, long first, long count, loop::TaskScope& scope) {
  for (long next = first; next < first + count;) {
    store::Batch batch;
    for (int i = 0; i < 20 && next < first + count; ++i, ++next) {
      const std::string key = fmt::format("row-{}", next);
      store::OutboxEntry entry{"items", key, {{"id", key}, {"data", std::string(300, 'x')}}};
      batch.outbox.push_back(std::move(entry));
    }
    const auto committed = co_await store.commit(std::move(batch));
    if (!committed) std::abort();
  }
  publisher.drain(std::chrono::steady_clock::now() + std::chrono::seconds(30));
  co_await scope.join();
}

int run(const std::string& path, const std::string& url, long first, long count) {
  asio::io_context context;
  Metrics metrics;
  store::Options options;
  options.path = path;
  auto store = store::Store::open(context.get_executor(), options, Log::to_stderr(LogLevel::error), metrics);
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message().c_str());
    return 1;
  }
  publish::Options publish;
  publish.batch_rows = 20;
  redis::Options redis;
  redis.url = url;
  loop::TaskScope publishing(context.get_executor(), Log::to_stderr(LogLevel::error));
  loop::TaskScope working(context.get_executor(), Log::to_stderr(LogLevel::error));
  publish::Publisher publisher(context.get_executor(), "items", **store, publish, redis, metrics, Log::to_stderr(LogLevel::error));
  publishing.spawn("publish", publisher.run());
  working.spawn("work", work(**store, publisher, first, count, publishing));
  context.run();
  if (publisher.status().pending_rows != 0) return 2;
  std::puts("done");
  return 0;
}

}  // namespace
}  // namespace tidings

int main(int argc, char** argv) {
  if (argc != 5) return 64;
  std::signal(SIGPIPE, SIG_IGN);
  read_failpoint();
  return tidings::run(argv[1], argv[2], std::atol(argv[3]), std::atol(argv[4]));
}
