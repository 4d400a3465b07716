#include "alert/command.h"

#include <fmt/chrono.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "loop/child.h"
#include "loop/timeout.h"

namespace tidings::alert {
namespace {

using Pipe = loop::Child::Pipe;

// Reads what there is without waiting. False: the other end is closed.
bool read_some(Pipe& from, std::string& output, std::size_t max_bytes) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(from.native_handle(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    if (size == 0) return false;
    output.append(buffer.data(), std::min(static_cast<std::size_t>(size), max_bytes - output.size()));
  }
}

Task<bool> read_output(Pipe& from, std::string& output, std::size_t max_bytes) {
  while (read_some(from, output, max_bytes)) {
    const auto [error] = co_await from.async_wait(Pipe::wait_read, use_task);
    if (error) co_return false;
  }
  // Closed its output and runs on: only its end is waited for.
  co_return !co_await loop::sleep_for(std::chrono::hours(24 * 365));
}

// Completes when the program has ended; its output is read meanwhile.
Task<bool> follow(loop::Child& child, std::string& output, std::size_t max_bytes) {
  using namespace asio::experimental::awaitable_operators;
  Task<bool> ended = child.ended();
  Task<bool> reading = read_output(child.output(), output, max_bytes);
  auto either = std::move(ended) || std::move(reading);
  const auto first = co_await std::move(either);
  co_return first.index() == 0;
}

}  // namespace

Task<Result<CommandResult>> run(Command command) {
  loop::ChildCommand started;
  started.argv = command.argv;
  started.environment = std::move(command.environment);
  started.input = std::move(command.input);
  started.errors_to_output = true;
  const auto executor = co_await asio::this_coro::executor;
  auto child = loop::Child::spawn(executor, started);
  if (!child) co_return child.error();
  (*child)->output().native_non_blocking(true);

  CommandResult result;
  const auto ended = co_await loop::with_timeout(follow(**child, result.output, command.max_output_bytes), command.timeout);
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (cancelled != asio::cancellation_type::none) {
    co_return Error(Errc::cancelled, command.argv.front() + " was killed: we are stopping");
  }
  if (!ended) {
    co_return Error(Errc::timeout, fmt::format("{} did not end within {} and was killed", command.argv.front(), command.timeout));
  }
  read_some((*child)->output(), result.output, command.max_output_bytes);
  result.exit_status = (*child)->reap();
  co_return result;
}

}  // namespace tidings::alert
