#pragma once
// Log lines: level, room, source id, fact. main makes the sink; each I/O room keeps a Log of its own.

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace tidings {

enum class LogLevel { debug, info, warning, error };
// By its name; info for a name that is none.
LogLevel log_level(std::string_view name);

// Cheap to copy. Safe from any thread (the sink locks).
class Log {
 public:
  // A Log that drops everything, for tests and for library use.
  Log() = default;
  // Lines go to standard error; under systemd (JOURNAL_STREAM set) with its <N> priority prefixes and no time.
  static Log to_stderr(LogLevel threshold);

  Log room(std::string_view name) const;

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled(LogLevel::debug)) write(LogLevel::debug, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled(LogLevel::info)) write(LogLevel::info, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled(LogLevel::warning)) write(LogLevel::warning, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    if (enabled(LogLevel::error)) write(LogLevel::error, fmt::format(format, std::forward<Args>(args)...));
  }

  bool enabled(LogLevel level) const;
  void set_threshold(LogLevel level) const;

 private:
  void write(LogLevel level, const std::string& line) const;

  std::shared_ptr<spdlog::logger> sink_;
  std::string room_;
};

}  // namespace tidings
