#include "plugin/conformance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "plugin/isolate.h"

namespace tidings::plugin {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

using Failures = std::map<std::string, std::string>;  // name of the check: its detail

Failures failures(const ConformanceInput& input) {
  Failures failed;
  for (const auto& check : check_conformance(input)) {
    if (check.outcome == Check::Outcome::failed) failed[check.name] = check.detail;
  }
  return failed;
}

Failures failures_of_bad(const std::string& what) {
  ConformanceInput input;
  input.file = TIDINGS_BINARY_DIR "/tests/plugins/bad/" + what + ".so";
  return failures(input);
}

std::string skipped(const ConformanceInput& input) {
  std::string names;
  for (const auto& check : check_conformance(input)) {
    if (check.outcome == Check::Outcome::skipped) names += check.name + ": " + check.detail + "\n";
  }
  return names;
}

TEST(ConformanceTest, the_feed_plugin_passes) {
  const ConformanceInput input{TIDINGS_BINARY_DIR "/plugins/feed.so", {}, {}};
  EXPECT_THAT(failures(input), IsEmpty());
  EXPECT_EQ(skipped(input), "refuses options of a wrong type: it has no options\n");
}

TEST(ConformanceTest, the_json_plugin_passes) {
  const ConformanceInput input{TIDINGS_BINARY_DIR "/plugins/json.so", {}, {}};
  EXPECT_THAT(failures(input), IsEmpty());
  EXPECT_EQ(skipped(input), "");
}

TEST(ConformanceTest, the_json_plugin_passes_with_a_mapping) {
  ConformanceInput input;
  input.file = TIDINGS_BINARY_DIR "/plugins/json.so";
  input.options = {{"items", "\"/rows\""}, {"title", "\"{/a} of {/b/*}\""}, {"pages", "3"}};
  input.samples = {R"({"rows":[{"a":1,"b":["x"]},{"a":2,"b":["y"]}],"next_url":"/2"})"};
  EXPECT_THAT(failures(input), IsEmpty());
}

TEST(ConformanceTest, a_small_plugin_without_faults_passes) { EXPECT_THAT(failures_of_bad("none"), IsEmpty()); }

TEST(ConformanceTest, finds_a_loose_description) {
  EXPECT_THAT(failures_of_bad("loose"),
              UnorderedElementsAre(Pair("describes itself", "the default of its option 'colour' is no JSON of its type: red"),
                                   Pair("exports one symbol", "it exports 'bad_second_symbol' too: build it with -fvisibility=hidden"),
                                   Pair("refuses options of a wrong type", "it accepts 7 as its option 'colour'")));
}

TEST(ConformanceTest, a_crash_fails_the_checks_that_meet_it) {
  EXPECT_THAT(failures_of_bad("crash"),
              UnorderedElementsAre(Pair("answers empty and odd bodies", "it crashed with Segmentation fault (a body of 0 bytes, '')"),
                                   Pair("survives documents that are cut", "it crashed with Segmentation fault (sample 1 cut after 0 bytes)")));
}

TEST(ConformanceTest, finds_an_exit) {
  EXPECT_THAT(failures_of_bad("exit"), UnorderedElementsAre(Pair("survives large and deep documents", HasSubstr("it ended the process with status 3"))));
}

TEST(ConformanceTest, finds_an_exception) {
  EXPECT_THAT(failures_of_bad("throw"),
              UnorderedElementsAre(Pair("answers empty and odd bodies", "it lets an exception out of parse() (a body of 2 bytes, '[]')")));
}

TEST(ConformanceTest, finds_a_pointer_that_is_kept) {
  const Failures failed = failures_of_bad("pointer");
  ASSERT_TRUE(failed.contains("keeps no pointers"));
  EXPECT_THAT(failed.at("keeps no pointers"), HasSubstr("it crashed with Segmentation fault"));
}

TEST(ConformanceTest, finds_who_reads_too_far) {
  const Failures overread = failures_of_bad("overread");
  ASSERT_TRUE(overread.contains("answers empty and odd bodies"));
  EXPECT_THAT(failures_of_bad("size"), UnorderedElementsAre(Pair("reads no further than struct_size", HasSubstr("Segmentation fault"))));
}

TEST(ConformanceTest, finds_state_that_is_shared) {
  EXPECT_THAT(failures_of_bad("state"),
              UnorderedElementsAre(Pair("gives the same for the same bytes", "sample 1 gives something else the second time"),
                                   Pair("keeps its instances apart", HasSubstr("by turns"))));
}

TEST(ConformanceTest, finds_an_error_without_words_and_ears_that_are_deaf) {
  const Failures silent = failures_of_bad("silent");
  ASSERT_TRUE(silent.contains("answers empty and odd bodies"));
  EXPECT_THAT(silent.at("answers empty and odd bodies"), HasSubstr("it gives up in parse() with status 2 and no sentence that says why"));
  EXPECT_THAT(failures_of_bad("deaf"), UnorderedElementsAre(Pair("stops when it is told to", HasSubstr("goes on after it was told to stop"))));
}

TEST(ConformanceTest, what_cannot_be_loaded_fails_once) {
  const ConformanceInput input{TIDINGS_BINARY_DIR "/tests/plugins/odd/abi.so", {}, {}};
  EXPECT_THAT(failures(input), UnorderedElementsAre(Pair("can be loaded", HasSubstr("is built for ABI 2, this is ABI 1"))));
}

TEST(ConformanceTest, options_that_are_refused_are_said_once) {
  const ConformanceInput input{TIDINGS_BINARY_DIR "/plugins/json.so", {{"pages", "99"}}, {}};
  EXPECT_THAT(failures(input), UnorderedElementsAre(Pair("makes and destroys instances", HasSubstr("the option 'pages' must be a whole number from 1 to 20"))));
}

TEST(IsolateTest, a_function_that_hangs_is_ended) {
  const auto outcome = run_isolated(
      [](const Steps& steps) -> std::string {
        steps.begin("waiting for ever");
        for (;;) ::pause();
      },
      std::chrono::seconds(1));
  EXPECT_FALSE(outcome.came_back);
  EXPECT_EQ(outcome.end, "it did not come back within 1 s");
  EXPECT_EQ(outcome.step, "waiting for ever");
}

TEST(IsolateTest, what_a_function_returns_comes_back_whole) {
  const std::string much(1'000'000, 'x');
  const auto outcome = run_isolated([&much](const Steps&) { return much; }, std::chrono::seconds(60));
  EXPECT_TRUE(outcome.came_back);
  EXPECT_EQ(outcome.result, much);
}

}  // namespace
}  // namespace tidings::plugin
