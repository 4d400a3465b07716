#pragma once
// For commands that serve until somebody ends them.

#include <functional>

#include "loop/asio.h"
#include "loop/task_scope.h"

namespace tidings::cli {

// Runs the context until SIGINT or SIGTERM, then calls close(), ends the scope's tasks and returns 0.
int serve_until_signal(asio::io_context& context, loop::TaskScope& scope, std::function<void()> close);

}  // namespace tidings::cli
