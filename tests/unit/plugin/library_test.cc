#include "plugin/library.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "plugin/plugins.h"
#include "support/temp_folder.h"

namespace tidings::plugin {
namespace {

const std::string kOdd = TIDINGS_BINARY_DIR "/tests/plugins/odd/";
const std::string kReal = TIDINGS_BINARY_DIR "/plugins/";

// The line that refuses FILE, without its beginning "plugin FILE: ".
std::string refusal(const std::string& file) {
  const auto library = Library::load(file);
  if (library) return "loaded";
  const std::string message = library.error().message();
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  const std::string begin = "plugin " + file + ": ";
  EXPECT_TRUE(message.starts_with(begin)) << message;
  return message.substr(begin.size());
}

TEST(PluginLibraryTest, refuses_another_abi_and_another_build) {
  EXPECT_EQ(refusal(kOdd + "abi.so"), "is built for ABI 2, this is ABI 1: build it again");
  EXPECT_EQ(refusal(kOdd + "build.so"), std::string("is built as 'tidings-abi-1 other', this is '") + TIDINGS_BUILD + "': build it again");
}

TEST(PluginLibraryTest, refuses_what_is_no_plugin) {
  const test::TempFolder folder;
  std::ofstream(folder / "text.so") << "no shared object at all";
  EXPECT_EQ(refusal(folder / "none.so"), "there is no such file");
  EXPECT_EQ(refusal(folder.path().string()), "this is no file");
  EXPECT_TRUE(refusal(folder / "text.so").starts_with("cannot be loaded: ")) << refusal(folder / "text.so");
  EXPECT_EQ(refusal(kOdd + "no_symbol.so"), "this is no plugin of ours: it has no tidings_plugin_v1");
  EXPECT_TRUE(refusal(kOdd + "unresolved.so").find("tidings_test_is_defined_nowhere") != std::string::npos);
}

TEST(PluginLibraryTest, refuses_a_description_that_breaks_the_rules) {
  EXPECT_EQ(refusal(kOdd + "size.so"), "describes less than the ABI asks for");
  EXPECT_EQ(refusal(kOdd + "nameless.so"), "has no name");
  EXPECT_EQ(refusal(kOdd + "no_parse.so"), "lacks one of create, destroy, requests and parse");
  EXPECT_EQ(refusal(kOdd + "stream.so"), "is of the stream kind and lacks on_event");
  EXPECT_EQ(refusal(kOdd + "option.so"), "has an option 'colour' of no known type");
}

TEST(PluginLibraryTest, refuses_a_file_that_anybody_may_write_to) {
  const test::TempFolder folder;
  std::filesystem::copy_file(kReal + "json.so", folder / "json.so");
  ASSERT_EQ(::chmod((folder / "json.so").c_str(), 0777), 0);
  EXPECT_EQ(refusal(folder / "json.so"), "anybody may write to this file: chmod o-w");
}

TEST(PluginLibraryTest, reads_the_option_table) {
  const auto library = Library::load(kReal + "json.so");
  ASSERT_TRUE(library) << library.error().message();
  EXPECT_EQ(library->name(), "json");
  ASSERT_FALSE(library->options().empty());
  EXPECT_EQ(library->options()[0].name, "items");
  EXPECT_EQ(library->options()[0].type, TIDINGS_STRING);
  EXPECT_EQ(library->options()[0].default_value, "\"/items\"");
  EXPECT_FALSE(library->options()[0].help.empty());
}

TEST(PluginsTest, loads_what_can_be_loaded_of_a_folder) {
  const test::TempFolder folder;
  std::filesystem::create_symlink(kReal + "feed.so", folder / "feed.so");
  std::filesystem::create_symlink(kOdd + "abi.so", folder / "abi.so");
  std::ofstream(folder / "notes.txt") << "no plugin";
  testing::internal::CaptureStderr();
  Plugins plugins(Log::to_stderr(LogLevel::info));
  plugins.load(folder.path().string());
  plugins.load(folder.path().string());
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(plugins.all().size(), 1u);
  EXPECT_NE(plugins.find("feed"), nullptr);
  EXPECT_EQ(plugins.find("odd"), nullptr);
  const auto first = log.find("is built for ABI 2");
  EXPECT_NE(first, std::string::npos) << log;
  EXPECT_EQ(log.find("is built for ABI 2", first + 1), std::string::npos) << "said twice: " << log;
  EXPECT_EQ(log.find("notes.txt"), std::string::npos);
}

}  // namespace
}  // namespace tidings::plugin
