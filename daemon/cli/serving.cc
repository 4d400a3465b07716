#include "cli/serving.h"

#include <unistd.h>

#include <memory>
#include <utility>

#include "loop/signals.h"

namespace tidings::cli {
namespace {

Task<> end(loop::TaskScope& scope, loop::Signals& signals) {
  scope.stop();
  co_await scope.join();
  signals.close();
}

}  // namespace

int serve_until_signal(asio::io_context& context, loop::TaskScope& scope, std::function<void()> close) {
  loop::TaskScope stopping(context.get_executor(), Log());
  std::unique_ptr<loop::Signals> signals;
  loop::Signals::Calls calls;
  calls.stop = [&] {
    close();
    stopping.spawn("stop", end(scope, *signals));
  };
  calls.hurry = [] { ::_exit(1); };
  calls.reload = calls.stop;  // the terminal hung up
  signals = std::make_unique<loop::Signals>(context, std::move(calls));
  context.run();
  return 0;
}

}  // namespace tidings::cli
