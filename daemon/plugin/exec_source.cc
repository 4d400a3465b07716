#include "plugin/exec_source.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <signal.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "loop/timeout.h"

namespace tidings::plugin {
namespace {

constexpr std::size_t kMaxLogLine = 2000;
constexpr std::size_t kMaxDrained = 256 * 1024;  // of standard error after the end

Task<bool> ended(loop::Child& child) { co_return co_await child.ended(); }

}  // namespace

const std::vector<OptionSpec>& exec_options() {
  static const std::vector<OptionSpec> kOptions = {
      {"run", TIDINGS_STRINGS, "", "The program, by absolute path, and its arguments; no shell.", true},
      {"keep", TIDINGS_BOOLEAN, "false", "Keep it running across polls; otherwise it is run for each.", false},
      {"timeout", TIDINGS_NUMBER, "60", "Seconds that one poll may take.", false},
      {"max_line", TIDINGS_INTEGER, "1048576", "Bytes of one line; a longer one is dropped and counted.", false},
      {"max_output", TIDINGS_INTEGER, "67108864", "Bytes of one poll; a program that says more is killed.", false},
      {"settings", TIDINGS_TABLE, "{}", "Handed to the program as they are, in the poll line's options.", false},
  };
  return kOptions;
}

Result<std::unique_ptr<ExecSource>> ExecSource::create(asio::any_io_executor executor, const model::Source& source, Log log, Metrics& metrics) {
  Settings settings;
  for (const auto& [name, text] : source.settings->options) {
    const auto value = json::parse(text);
    if (!value) return Error(Errc::invalid, fmt::format("option '{}' is no JSON", name));
    boost::json::error_code ignored;
    const double number = value->is_number() ? value->to_number<double>(ignored) : -1;
    if (name == "run" && value->is_array()) {
      for (const auto& part : value->as_array()) {
        if (!part.is_string()) return Error(Errc::invalid, fmt::format("option 'run' of an exec source must be a list of strings: {}", text));
        settings.run.emplace_back(part.as_string());
      }
    } else if (name == "keep" && value->is_bool()) {
      settings.keep = value->as_bool();
    } else if (name == "timeout" && number > 0) {
      settings.timeout = std::chrono::milliseconds(std::llround(number * 1000));
    } else if (name == "max_line" && number >= 100) {
      settings.max_line_bytes = static_cast<std::size_t>(number);
    } else if (name == "max_output" && number >= 100) {
      settings.max_output_bytes = static_cast<std::size_t>(number);
    } else if (name != "settings") {
      return Error(Errc::invalid, fmt::format("option '{}' of an exec source does not fit: {}", name, text));
    }
  }
  if (settings.run.empty()) return Error(Errc::invalid, "an exec source wants the option 'run', a list: the program and its arguments");
  return std::unique_ptr<ExecSource>(new ExecSource(std::move(executor), source, std::move(settings), std::move(log), metrics));
}

ExecSource::ExecSource(asio::any_io_executor executor, model::Source source, Settings settings, Log log, Metrics& metrics)
    : executor_(std::move(executor)),
      source_(std::move(source)),
      settings_(std::move(settings)),
      log_(std::move(log)),
      failures_(metrics.counter("tidings_exec_failures_total", "Polls of exec sources that failed")),
      dropped_lines_(metrics.counter("tidings_exec_lines_dropped_total", "Lines of exec sources over their bound")),
      lines_(settings_.max_line_bytes),
      complaints_(kMaxLogLine) {}

ExecSource::~ExecSource() = default;

Result<void> ExecSource::start(const std::string& cursor) {
  loop::ChildCommand command;
  command.argv = settings_.run;
  command.environment = {{"TIDINGS_SOURCE", source_.id}, {"TIDINGS_URL", source_.url}, {"TIDINGS_CURSOR", cursor}};
  auto child = loop::Child::spawn(executor_, command);
  if (!child) return child.error();
  child_ = std::move(*child);
  lines_ = LineSplitter(settings_.max_line_bytes);
  complaints_ = LineSplitter(kMaxLogLine);
  return {};
}

Task<Result<model::Document>> ExecSource::poll(std::string cursor) {
  last_complaint_.clear();
  if (child_ && child_->has_ended()) {
    drain_errors();
    log_.warning("{}: {} between two polls; it is started anew", source_.id, ended_badly(child_->reap()).message());
    child_.reset();
  }
  if (!child_) {
    if (auto started = start(cursor); !started) {
      failures_.add();
      co_return started.error();
    }
  }
  ExecReply reply;
  const std::size_t dropped_before = lines_.dropped();
  auto said = co_await loop::with_timeout(converse(reply, std::move(cursor)), settings_.timeout);
  dropped_lines_.add(lines_.dropped() - dropped_before);
  if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
    child_.reset();
    co_return Error(Errc::cancelled, "we are stopping");
  }
  if (!said) {
    const double seconds = std::chrono::duration<double>(settings_.timeout).count();
    said.emplace(Error(Errc::timeout, fmt::format("{} did not end its poll within {} s and was killed", settings_.run.front(), seconds)));
  }
  if (!*said) drain_errors();
  if (!*said || !settings_.keep) child_.reset();
  if (!*said) {
    failures_.add();
    if (reply.document().entries.empty()) co_return said->error();
    log_.warning("{}: {}; the items before that are kept", source_.id, said->error().message());
  }
  model::Document document = reply.take();
  document.partial = document.partial || !*said;
  co_return document;
}

// The talk of one poll, with standard error read beside it.
Task<Result<void>> ExecSource::converse(ExecReply& reply, std::string cursor) {
  using namespace asio::experimental::awaitable_operators;
  Task<Result<void>> talking = talk(reply, std::move(cursor));
  Task<bool> logging = log_errors();
  Task<bool> watching = end_with_leader();
  auto beside = std::move(logging) || std::move(watching);
  auto all = std::move(talking) || std::move(beside);
  auto first = co_await std::move(all);
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return Error(Errc::cancelled, "we are stopping");
}

// Where the program ends and leaves children of its own that hold its pipes, these end with it.
Task<bool> ExecSource::end_with_leader() {
  const bool over = co_await ended(*child_);
  if (over) {
    child_->signal(SIGKILL);
    co_await loop::sleep_for(std::chrono::hours(24 * 365));
  }
  co_return over;
}

Task<Result<void>> ExecSource::talk(ExecReply& reply, std::string cursor) {
  const std::string line = poll_line(source_, cursor);
  // A child that is run once may not read at all: that is no fault, what it says counts.
  const auto [write_error, written] = co_await asio::async_write(child_->input(), asio::buffer(line), use_task);
  if (write_error && settings_.keep) co_return Error(Errc::unavailable, fmt::format("{} does not listen: {}", settings_.run.front(), write_error.message()));
  if (!settings_.keep) child_->input().close();
  std::array<char, 64 * 1024> buffer{};
  std::size_t total = 0;
  while (!reply.done()) {
    const auto [error, size] = co_await child_->output().async_read_some(asio::buffer(buffer), use_task);
    total += size;
    if (total > settings_.max_output_bytes) {
      co_return Error(Errc::too_large, fmt::format("{} said more than {} bytes in one poll and was killed", settings_.run.front(), settings_.max_output_bytes));
    }
    for (const auto& one : lines_.add(std::string_view(buffer.data(), size))) {
      if (auto added = reply.add(one); !added) co_return added.error();
      if (reply.done()) break;
    }
    if (error) {
      if (const std::string rest = lines_.rest(); !rest.empty()) {
        if (auto added = reply.add(rest); !added) co_return added.error();
      }
      break;
    }
  }
  if (reply.done() && settings_.keep) co_return Result<void>();
  // Its output has ended, or it has said that it is done: it gets the rest of the time limit to end.
  const bool over = co_await ended(*child_);
  if (!over) co_return Error(Errc::cancelled, "we are stopping");
  const int status = child_->reap();
  drain_errors();
  if (status != 0 || settings_.keep) co_return ended_badly(status);
  co_return Result<void>();
}

Error ExecSource::ended_badly(int status) const {
  const std::string how = status > 128 ? fmt::format("was ended by signal {} ({})", status - 128, ::strsignal(status - 128)) : fmt::format("ended with status {}", status);
  return Error(Errc::unavailable, fmt::format("{} {}{}{}", settings_.run.front(), how, last_complaint_.empty() ? "" : ": ", last_complaint_));
}

void ExecSource::log_lines(const std::vector<std::string>& lines) {
  for (const auto& line : lines) {
    const LogLine said = log_line(line);
    last_complaint_ = text::repair_utf8(said.text);
    switch (said.level) {
      case LogLevel::error: log_.error("{}: {}", source_.id, last_complaint_); break;
      case LogLevel::warning: log_.warning("{}: {}", source_.id, last_complaint_); break;
      case LogLevel::info: log_.info("{}: {}", source_.id, last_complaint_); break;
      case LogLevel::debug: log_.debug("{}: {}", source_.id, last_complaint_); break;
    }
  }
}

// Never completes but by cancellation: it only goes along with the talk.
Task<bool> ExecSource::log_errors() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto [error, size] = co_await child_->errors().async_read_some(asio::buffer(buffer), use_task);
    log_lines(complaints_.add(std::string_view(buffer.data(), size)));
    if (error == asio::error::operation_aborted) co_return true;
    if (error) break;
  }
  co_await loop::sleep_for(std::chrono::hours(24 * 365));
  co_return true;
}

// What a program that has ended has left on standard error: its last words often come together with its end.
void ExecSource::drain_errors() {
  std::array<char, 4096> buffer{};
  error_code error;
  child_->errors().non_blocking(true, error);
  for (std::size_t total = 0; !error && total < kMaxDrained;) {
    const std::size_t size = child_->errors().read_some(asio::buffer(buffer), error);
    log_lines(complaints_.add(std::string_view(buffer.data(), size)));
    total += size;
  }
  if (const std::string rest = complaints_.rest(); !rest.empty()) log_lines({rest});
}

Task<> ExecSource::stop(ExecStop times) {
  if (!child_) co_return;
  child_->input().close();
  auto first = co_await loop::with_timeout(ended(*child_), times.after_close);
  if (!first) {
    child_->signal(SIGTERM);
    co_await loop::with_timeout(ended(*child_), times.after_term);
  }
  child_.reset();
}

}  // namespace tidings::plugin
