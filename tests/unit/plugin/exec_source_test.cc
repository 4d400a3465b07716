#include "plugin/exec_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "base/json.h"
#include "loop/task_scope.h"
#include "support/run_task.h"
#include "support/temp_folder.h"

namespace tidings::plugin {
namespace {

using testing::HasSubstr;

class ExecSourceTest : public testing::Test {
 protected:
  ExecSourceTest() { ::signal(SIGPIPE, SIG_IGN); }

  Result<std::unique_ptr<ExecSource>> create(std::map<std::string, std::string> options, Log log = {}) {
    model::Source source;
    source.id = "child";
    source.url = "https://news.test/";
    source.settings.edit().options = std::move(options);
    return ExecSource::create(context_.get_executor(), source, std::move(log), metrics_);
  }
  std::unique_ptr<ExecSource> program(const std::vector<std::string>& run, std::map<std::string, std::string> options = {}, Log log = {}) {
    json::array list;
    for (const auto& part : run) list.emplace_back(part);
    options["run"] = json::serialize(list);
    auto made = create(std::move(options), std::move(log));
    EXPECT_TRUE(made) << made.error().message();
    return std::move(*made);
  }
  std::unique_ptr<ExecSource> shell(const std::string& script, std::map<std::string, std::string> options = {}, Log log = {}) {
    return program({"/bin/sh", "-c", script}, std::move(options), std::move(log));
  }
  std::unique_ptr<ExecSource> python(const std::string& script, std::map<std::string, std::string> options = {}) {
    return program({"python3", "-c", script}, std::move(options));
  }
  Result<model::Document> poll(ExecSource& source, const std::string& cursor = "") {
    return test::run_task(context_, source.poll(cursor));
  }
  void stop(ExecSource& source, ExecStop times) { test::run_task(context_, source.stop(times)); }
  static std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Waits until the child has ended, and leaves its status to be read.
  static void await_end(pid_t pid) {
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT);
  }
  static bool is_gone(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

  asio::io_context context_;
  Metrics metrics_;
  test::TempFolder folder_;
};

// Answers each poll with one item: its own pid as id, and the poll line as title.
constexpr const char* kEcho = R"(
import json, os, sys
n = 0
for line in sys.stdin:
    n += 1
    print(json.dumps({"id": os.getpid(), "title": line.strip(), "tags": [str(n)]}))
    print(json.dumps({"type": "done", "cursor": str(n)}), flush=True)
)";

TEST_F(ExecSourceTest, a_program_is_run_anew_for_each_poll) {
  auto source = shell(R"(read line; printf '{"id":"%s","title":"%s"}\n' "$TIDINGS_CURSOR" "$TIDINGS_SOURCE $TIDINGS_URL")");
  const auto first = poll(*source, "a");
  ASSERT_TRUE(first) << first.error().message();
  ASSERT_EQ(first->entries.size(), 1u);
  EXPECT_EQ(first->entries[0].id, "a");
  EXPECT_EQ(first->entries[0].title.value, "child https://news.test/");
  EXPECT_FALSE(first->partial);
  EXPECT_EQ(poll(*source, "b")->entries.at(0).id, "b");
}

TEST_F(ExecSourceTest, a_program_need_not_read_the_poll_line) {
  auto source = shell("exec 0<&-; printf '{\"id\":\"1\"}'");
  const auto document = poll(*source);
  ASSERT_TRUE(document) << document.error().message();
  EXPECT_EQ(document->entries.size(), 1u);
}

TEST_F(ExecSourceTest, a_program_that_is_kept_answers_poll_after_poll) {
  auto source = python(kEcho, {{"keep", "true"}, {"settings", R"({"limit":5})"}});
  const auto first = poll(*source);
  ASSERT_TRUE(first) << first.error().message();
  const auto second = poll(*source, first->cursor);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(first->entries.at(0).id, second->entries.at(0).id);
  EXPECT_EQ(second->entries.at(0).categories.at(0).term, "2");
  EXPECT_EQ(second->cursor, "2");
  EXPECT_THAT(second->entries.at(0).title.value, HasSubstr(R"("cursor":"1","options":{"limit":5})"));
  stop(*source, {});
  EXPECT_TRUE(is_gone(static_cast<pid_t>(std::stol(first->entries[0].id))));
}

TEST_F(ExecSourceTest, a_kept_program_that_ended_between_polls_is_started_anew) {
  auto source = python(std::string(kEcho) + "    break\n", {{"keep", "true"}});
  const auto first = poll(*source);
  ASSERT_TRUE(first) << first.error().message();
  await_end(static_cast<pid_t>(std::stol(first->entries.at(0).id)));
  const auto second = poll(*source);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_NE(first->entries[0].id, second->entries.at(0).id);
}

TEST_F(ExecSourceTest, a_crash_keeps_the_items_before_it_and_says_so_otherwise) {
  auto source = shell(R"(echo '{"id":"1"}'; kill -SEGV $$)");
  const auto document = poll(*source);
  ASSERT_TRUE(document) << document.error().message();
  EXPECT_EQ(document->entries.size(), 1u);
  EXPECT_TRUE(document->partial);
  const auto failed = poll(*shell("kill -SEGV $$"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), Errc::unavailable);
  EXPECT_EQ(failed.error().message(), "/bin/sh was ended by signal 11 (Segmentation fault)");
  EXPECT_EQ(metrics_.counter("tidings_exec_failures_total", "").value(), 2u);
}

TEST_F(ExecSourceTest, a_failure_brings_the_last_words_of_the_program) {
  for (int i = 0; i < 20; ++i) {
    const auto failed = poll(*shell("echo 'E! no key for the API' >&2; exit 3"));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message(), "/bin/sh ended with status 3: no key for the API");
  }
  EXPECT_THAT(poll(*shell("printf 'without an end' >&2; exit 1")).error().message(), HasSubstr(": without an end"));
}

TEST_F(ExecSourceTest, standard_error_goes_to_the_log_by_its_levels) {
  testing::internal::CaptureStderr();
  const auto document = poll(*shell("echo 'E! bad' >&2; echo 'W! slow' >&2; echo plain >&2; echo 'D! tick' >&2", {}, Log::to_stderr(LogLevel::info)));
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(document);
  std::string levels;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    levels += line.find("child: bad") != std::string::npos && line.find("error") != std::string::npos      ? 'E'
              : line.find("child: slow") != std::string::npos && line.find("warning") != std::string::npos ? 'W'
              : line.find("child: plain") != std::string::npos && line.find("info") != std::string::npos   ? 'I'
                                                                                                            : '?';
  }
  EXPECT_EQ(levels, "EWI") << log;
}

TEST_F(ExecSourceTest, a_program_that_hangs_is_killed_with_its_children) {
  // Both hold the pipe open: it ends when both have ended.
  const std::string held = folder_ / "held";
  ASSERT_EQ(::mkfifo(held.c_str(), 0600), 0);
  const int pipe = ::open(held.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(pipe, 0);
  const auto document = poll(*shell("exec 3>" + held + "; echo up >&3; sleep 1000 & echo '{\"id\":\"1\"}'; wait", {{"timeout", "2"}}));
  ASSERT_TRUE(document) << document.error().message();
  EXPECT_TRUE(document->partial);
  ::fcntl(pipe, F_SETFL, 0);
  std::string said;
  char byte = 0;
  while (::read(pipe, &byte, 1) == 1) said += byte;
  ::close(pipe);
  EXPECT_EQ(said, "up\n");
  const auto silent = poll(*shell("exec sleep 1000", {{"timeout", "0.1"}}));
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code(), Errc::timeout);
  EXPECT_EQ(silent.error().message(), "/bin/sh did not end its poll within 0.1 s and was killed");
}

TEST_F(ExecSourceTest, the_end_of_the_program_ends_the_poll_though_its_children_live) {
  const auto document = poll(*shell("sleep 1000 & echo '{\"id\":\"1\"}'"));
  ASSERT_TRUE(document) << document.error().message();
  EXPECT_EQ(document->entries.size(), 1u);
  EXPECT_FALSE(document->partial);
}

TEST_F(ExecSourceTest, a_flood_without_line_ends_is_cut_off) {
  const auto flood = poll(*shell("exec cat /dev/zero", {{"max_output", "1000000"}, {"max_line", "1000"}}));
  ASSERT_FALSE(flood);
  EXPECT_EQ(flood.error().code(), Errc::too_large);
  EXPECT_EQ(flood.error().message(), "/bin/sh said more than 1000000 bytes in one poll and was killed");
  EXPECT_EQ(metrics_.counter("tidings_exec_lines_dropped_total", "").value(), 1u);
}

TEST_F(ExecSourceTest, long_lines_are_dropped_and_counted_once_each) {
  auto source = python(R"(
import sys
for line in sys.stdin:
    print("x" * 5000)
    print('{"id":"1"}\n{"type":"done"}', flush=True)
)", {{"keep", "true"}, {"max_line", "1000"}});
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const auto document = poll(*source);
    ASSERT_TRUE(document) << document.error().message();
    EXPECT_EQ(document->entries.size(), 1u);
    EXPECT_EQ(metrics_.counter("tidings_exec_lines_dropped_total", "").value(), i);
  }
}

TEST_F(ExecSourceTest, a_line_that_is_no_json_ends_the_poll) {
  const auto document = poll(*shell("echo Hello; exec sleep 1000"));
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code(), Errc::protocol);
  EXPECT_EQ(document.error().message(), "a line of its output is no JSON: Hello");
}

TEST_F(ExecSourceTest, a_program_that_is_not_there_is_said) {
  const auto none = poll(*program({"/nowhere/program"}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), Errc::not_found);
  EXPECT_EQ(none.error().message(), "cannot run /nowhere/program: No such file or directory");
  const auto folder = poll(*program({folder_.path().string()}));
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code(), Errc::refused);
}

TEST_F(ExecSourceTest, options_that_do_not_fit_are_named) {
  EXPECT_EQ(create({}).error().message(), "an exec source wants the option 'run', a list: the program and its arguments");
  EXPECT_THAT(create({{"run", R"(["a",1])"}}).error().message(), HasSubstr("'run'"));
  EXPECT_THAT(create({{"run", R"(["a"])"}, {"timeout", "0"}}).error().message(), HasSubstr("'timeout'"));
  EXPECT_THAT(create({{"run", R"(["a"])"}, {"tiemout", "5"}}).error().message(), HasSubstr("'tiemout'"));
}

TEST_F(ExecSourceTest, a_stop_closes_its_input_first) {
  const std::string log = folder_ / "log";
  auto source = python(R"(
import signal, sys
out = open(")" + log + R"(", "w")
signal.signal(signal.SIGTERM, lambda *_: print("term", file=out, flush=True))
sys.stdin.readline()
print('{"type":"done"}', flush=True)
sys.stdin.read()
print("closed", file=out, flush=True)
)", {{"keep", "true"}});
  ASSERT_TRUE(poll(*source));
  stop(*source, {});
  EXPECT_EQ(text_of(log), "closed\n");
}

TEST_F(ExecSourceTest, a_stop_goes_on_to_terminate_and_to_kill) {
  const std::string log = folder_ / "log";
  auto source = python(R"(
import os, signal, sys, threading
out = open(")" + log + R"(", "w")
signal.signal(signal.SIGTERM, lambda *_: print("term", file=out, flush=True))
sys.stdin.readline()
print('{"id":"%d"}\n{"type":"done"}' % os.getpid(), flush=True)
sys.stdin.read()
print("closed", file=out, flush=True)
while True:
    signal.pause()
)", {{"keep", "true"}});
  const auto document = poll(*source);
  ASSERT_TRUE(document);
  const ExecStop times{std::chrono::milliseconds(2000), std::chrono::milliseconds(2000)};
  stop(*source, times);
  EXPECT_EQ(text_of(log), "closed\nterm\n");
  EXPECT_TRUE(is_gone(static_cast<pid_t>(std::stol(document->entries.at(0).id))));
}

Task<> poll_into(ExecSource& source, std::optional<Result<model::Document>>& to) { to = co_await source.poll(""); }

Task<> stop_scope(loop::TaskScope& scope) {
  scope.stop();
  co_await scope.join();
}

TEST_F(ExecSourceTest, a_cancelled_poll_kills_the_program) {
  const std::string ready = folder_ / "ready";
  ASSERT_EQ(::mkfifo(ready.c_str(), 0600), 0);
  auto source = shell("echo $$ >" + ready + "; exec sleep 1000");
  loop::TaskScope scope(context_.get_executor(), Log());
  std::optional<Result<model::Document>> said;
  scope.spawn("poll", poll_into(*source, said));
  context_.poll();
  pid_t pid = 0;
  std::ifstream(ready) >> pid;
  test::run_task(context_, stop_scope(scope));
  EXPECT_TRUE(is_gone(pid));
  ASSERT_TRUE(said.has_value());
  EXPECT_EQ(said->error().code(), Errc::cancelled);
}

}  // namespace
}  // namespace tidings::plugin
