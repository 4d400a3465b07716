#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace tidings {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::info;
}

// The journal reads a syslog priority in angle brackets at the start of a line (sd-daemon(3)).
class JournalPriority : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    const char* prefix = message.level >= spdlog::level::err    ? "<3>"
                         : message.level == spdlog::level::warn ? "<4>"
                         : message.level == spdlog::level::info ? "<6>"
                                                                : "<7>";
    out.append(prefix, prefix + 3);
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JournalPriority>(); }
};

}  // namespace

LogLevel log_level(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return LogLevel::info;
}

Log Log::to_stderr(LogLevel threshold) {
  Log log;
  if (std::getenv("JOURNAL_STREAM") != nullptr) {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<JournalPriority>('*').set_pattern("%*%v");
    sink->set_formatter(std::move(formatter));
    log.sink_ = std::make_shared<spdlog::logger>("tidings", std::move(sink));
  } else {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v",
                                                                    spdlog::pattern_time_type::utc));
    log.sink_ = std::make_shared<spdlog::logger>("tidings", std::move(sink));
  }
  log.sink_->flush_on(spdlog::level::debug);
  log.set_threshold(threshold);
  return log;
}

Log Log::room(std::string_view name) const {
  Log log = *this;
  log.room_ = name;
  return log;
}

bool Log::enabled(LogLevel level) const { return sink_ != nullptr && sink_->should_log(to_spdlog(level)); }

void Log::set_threshold(LogLevel level) const {
  if (sink_ != nullptr) sink_->set_level(to_spdlog(level));
}

void Log::write(LogLevel level, const std::string& line) const {
  sink_->log(to_spdlog(level), "{}: {}", room_, line);
}

}  // namespace tidings
