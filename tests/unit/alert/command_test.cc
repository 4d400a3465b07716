#include "alert/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "loop/task_scope.h"
#include "loop/timeout.h"
#include "support/run_task.h"
#include "support/temp_folder.h"

namespace tidings::alert {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

Command shell(std::string script) {
  Command command;
  command.argv = {"/bin/sh", "-c", std::move(script)};
  return command;
}

Result<CommandResult> run_now(Command command) {
  asio::io_context context;
  return test::run_task(context, run(std::move(command)));
}

pid_t pid_in(const std::string& file) {
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  return pid;
}

// A killed process that was not ours to reap is gone as soon as init has seen it.
bool gone(pid_t pid) {
  for (int i = 0; i < 1000; ++i) {
    if (::kill(pid, 0) != 0) return true;
    char state = 'R';
    std::string skip;
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    if (!(stat >> skip >> skip >> state) || state == 'Z') return true;
    ::usleep(5000);
  }
  return false;
}

TEST(Command, gets_its_input_and_gives_its_output_and_status) {
  Command command = shell("tr a-z A-Z; echo warned >&2; exit 3");
  command.input = "flood";
  const auto result = run_now(command);
  ASSERT_TRUE(result) << result.error().message();
  EXPECT_EQ(result->exit_status, 3);
  EXPECT_EQ(result->output, "FLOODwarned\n");
}

TEST(Command, arguments_are_no_shell_text) {
  Command command;
  command.argv = {"/bin/echo", "$HOME; `id` | x"};
  EXPECT_EQ(run_now(command)->output, "$HOME; `id` | x\n");
}

TEST(Command, nothing_of_our_environment_or_descriptors_is_inherited) {
  ::setenv("NOTIFY_SOCKET", "/run/notify", 1);
  ::setenv("TIDINGS_REDIS_URL", "secret", 1);
  Command command = shell("env; ls /proc/self/fd");
  command.environment = {{"TIDINGS_HOOK", "phone"}};
  const auto output = run_now(command)->output;
  EXPECT_THAT(output, Not(HasSubstr("NOTIFY_SOCKET")));
  EXPECT_THAT(output, Not(HasSubstr("secret")));
  EXPECT_THAT(output, HasSubstr("TIDINGS_HOOK=phone\n"));
  EXPECT_THAT(output, testing::EndsWith("\n0\n1\n2\n3\n")) << "3 is that of ls itself";
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("TIDINGS_REDIS_URL");
}

TEST(Command, output_is_bounded_and_a_flood_does_not_stop_it) {
  Command command = shell("yes | head -c 3000000; exit 0");
  command.max_output_bytes = 100;
  const auto result = run_now(command);
  EXPECT_EQ(result->exit_status, 0);
  EXPECT_EQ(result->output.size(), 100u);
}

TEST(Command, one_that_does_not_read_its_input_is_no_trouble) {
  Command command = shell("exec <&-; echo done");
  command.input = std::string(4 << 20, 'x');
  EXPECT_EQ(run_now(command)->output, "done\n");
}

TEST(Command, one_that_closes_its_output_is_waited_for) {
  test::TempFolder folder;
  EXPECT_EQ(run_now(shell("exec >&- 2>&-; sleep 0.05; echo late > " + (folder / "late")))->exit_status, 0);
  EXPECT_TRUE(std::ifstream(folder / "late").good());
}

TEST(Command, is_killed_with_all_its_group_at_the_time_limit) {
  test::TempFolder folder;
  Command command = shell("trap '' TERM; sleep 1000 & echo $! > " + (folder / "pid") + "; wait");
  command.timeout = milliseconds(300);
  const auto result = run_now(command);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::timeout);
  EXPECT_EQ(result.error().message(), "/bin/sh did not end within 300ms and was killed");
  EXPECT_TRUE(gone(pid_in(folder / "pid")));
}

TEST(Command, what_it_leaves_behind_is_killed_and_does_not_hold_us) {
  test::TempFolder folder;
  const auto result = run_now(shell("sleep 1000 & echo $! > " + (folder / "pid") + "; echo started"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "started\n");
  EXPECT_TRUE(gone(pid_in(folder / "pid")));
}

TEST(Command, a_signal_is_told_as_shells_do) { EXPECT_EQ(run_now(shell("kill -9 $$"))->exit_status, 128 + 9); }

TEST(Command, what_cannot_be_started_is_said) {
  Command command;
  command.argv = {"/no/such/program"};
  const auto result = run_now(command);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::not_found);
  EXPECT_EQ(result.error().message(), "cannot run /no/such/program: No such file or directory");
}

Task<> run_into(Command command, std::optional<Errc>& code) {
  const auto result = co_await run(std::move(command));
  code = result.error().code();
}

TEST(Command, a_stop_kills_it) {
  test::TempFolder folder;
  asio::io_context context;
  loop::TaskScope scope(context.get_executor(), Log());
  std::optional<Errc> code;
  scope.spawn("run", run_into(shell("echo $$ > " + (folder / "pid.new") + "; mv " + (folder / "pid.new") + " " + (folder / "pid") + "; sleep 1000"), code));
  while (!std::ifstream(folder / "pid").good()) context.run_for(milliseconds(5));
  scope.stop();
  context.run();
  EXPECT_EQ(code, Errc::cancelled);
  EXPECT_TRUE(gone(pid_in(folder / "pid")));
}

}  // namespace
}  // namespace tidings::alert
