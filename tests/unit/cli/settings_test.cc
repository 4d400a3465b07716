#include "cli/settings.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "cli/files.h"
#include "cli/stream_tail.h"
#include "support/temp_folder.h"

namespace tidings::cli {
namespace {

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    ::unsetenv("TIDINGS_CONFIG");
    ::unsetenv("TIDINGS_REDIS_URL");
  }
  ~SettingsTest() override {
    ::unsetenv("TIDINGS_CONFIG");
    ::unsetenv("TIDINGS_REDIS_URL");
  }
  test::TempFolder folder_;
};

TEST_F(SettingsTest, the_environment_names_the_file) {
  ::setenv("TIDINGS_CONFIG", "/some/where.toml", 1);
  EXPECT_EQ(usual_config(), "/some/where.toml");
  ::setenv("TIDINGS_CONFIG", "", 1);
  EXPECT_NE(usual_config(), "");
}

TEST_F(SettingsTest, redis_of_the_environment_wins) {
  ASSERT_TRUE(write_new_file(folder_ / "a.toml", "[redis]\nurl = \"redis://file\"\n"));
  EXPECT_EQ(settings(folder_ / "a.toml")->redis.url, "redis://file");
  ::setenv("TIDINGS_REDIS_URL", "redis://environment", 1);
  EXPECT_EQ(settings(folder_ / "a.toml")->redis.url, "redis://environment");
}

TEST_F(SettingsTest, every_mistake_is_a_line_of_the_error) {
  const std::string file = folder_ / "a.toml";
  ASSERT_TRUE(write_new_file(file, "[web]\nlisen = 1\n[redis]\nurl = 1\n"));
  EXPECT_EQ(settings(file).error().message(), file + ":2:1: [web] has no option 'lisen' (did you mean 'listen'?)\n" + file + ":4:7: redis.url must be a string, not 1");
  EXPECT_FALSE(settings(folder_ / "none.toml"));
}

TEST_F(SettingsTest, new_sources_go_to_the_first_folder_that_is_included_whole) {
  config::Config config;
  EXPECT_EQ(*sources_folder(config, "/etc/tidings/tidings.toml"), "/etc/tidings/sources.d");
  EXPECT_EQ(*sources_folder(config, "tidings.toml"), "sources.d");
  config.include = {"one.toml", "*/*.toml", "a-*.toml", "mine/*.toml"};
  EXPECT_EQ(*sources_folder(config, "/etc/t.toml"), "/etc/mine");
  config.include = {"/abs/*.toml"};
  EXPECT_EQ(*sources_folder(config, "/etc/t.toml"), "/abs");
  config.include = {"one.toml"};
  EXPECT_FALSE(sources_folder(config, "/etc/t.toml"));
}

TEST_F(SettingsTest, a_new_file_never_takes_the_place_of_another) {
  const std::string file = folder_ / "deep/er/a.toml";
  ASSERT_TRUE(write_new_file(file, "first"));
  const auto second = write_new_file(file, "second");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::refused);
  EXPECT_EQ(*read_file(file), "first");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path() / "deep/er"), {}), 1);
}

TEST(is_position, takes_entry_ids_and_the_end) {
  for (const char* good : {"0", "$", "1700000000000", "1700000000000-12"}) EXPECT_TRUE(is_position(good)) << good;
  for (const char* bad : {"", "-", "1-", "-1", "x", "1-2-3", "1 ", "$$", "+"}) EXPECT_FALSE(is_position(bad)) << bad;
}

}  // namespace
}  // namespace tidings::cli
