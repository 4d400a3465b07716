#include "config/load.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "config/diff.h"
#include "config/document.h"

namespace tidings::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LoadTest : public testing::Test {
 protected:
  LoadTest() {
    std::string name = (fs::temp_directory_path() / "tidings-config-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~LoadTest() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  static std::string source(const std::string& id) { return "[[source]]\nid = \"" + id + "\"\nurl = \"https://example.org/" + id + "\"\n"; }

  fs::path folder_;
};

std::vector<std::string> ids(const Loaded& loaded) {
  std::vector<std::string> out;
  if (!loaded.config) return out;
  for (const auto& source : loaded.config->sources) out.push_back(source->id);
  return out;
}

TEST_F(LoadTest, reads_the_files_beside_the_main_one_in_the_order_of_their_names) {
  write("sources.d/b.toml", source("b"));
  write("sources.d/a.toml", source("a"));
  write("sources.d/not-this.txt", "nonsense");
  write("rules.d/r.toml", "[[rule]]\nid = \"r\"\nquery = \"flood\"\n");
  const auto loaded = load(write("tidings.toml", source("main")), {}, {});
  ASSERT_THAT(loaded.mistakes, IsEmpty());
  EXPECT_THAT(ids(loaded), ElementsAre("main", "a", "b"));
  EXPECT_EQ(loaded.config->rules.size(), 1U);
  EXPECT_EQ(loaded.config->sources[1]->origin, (folder_ / "sources.d/a.toml:1").string());
}

TEST_F(LoadTest, a_plain_list_of_urls_is_a_file_of_sources) {
  write("sources.d/a.toml", source("a"));
  write("sources.d/many.urls", "# what we follow\nhttps://one.example/feed\n\nhttps://two.example/feed id=two news\n");
  const auto loaded = load(write("tidings.toml", ""), {}, {});
  ASSERT_THAT(loaded.mistakes, IsEmpty());
  ASSERT_EQ(loaded.config->sources.size(), 3U);
  const model::Source& one = *loaded.config->sources[1];
  EXPECT_EQ(one.url, "https://one.example/feed");
  EXPECT_EQ(one.settings->plugin, "feed");
  EXPECT_EQ(one.origin, (folder_ / "sources.d/many.urls:2").string());
  EXPECT_EQ(loaded.config->sources[2]->id, "two");
}

TEST_F(LoadTest, an_id_of_a_list_may_not_be_that_of_another_source) {
  write("sources.d/a.toml", source("a"));
  const auto list = write("sources.d/many.urls", "https://one.example/feed id=a\nhttps://two.example/x\nhttps://two.example/x\n");
  const auto loaded = load(write("tidings.toml", ""), {}, {});
  ASSERT_EQ(loaded.mistakes.size(), 2U);
  EXPECT_EQ(to_string(loaded.mistakes[0]), list + ":1:1: there is already a source 'a' at " + (folder_ / "sources.d/a.toml:1").string());
  EXPECT_THAT(to_string(loaded.mistakes[1]), HasSubstr(":3:1: there is already a source 'two.example-"));
}

TEST_F(LoadTest, a_named_file_has_to_be_there_and_a_pattern_may_find_none) {
  const auto file = write("tidings.toml", "include = [\"x/*.toml\", \"gone.toml\"]\n");
  const auto loaded = load(file, {}, {});
  ASSERT_EQ(loaded.mistakes.size(), 1U);
  EXPECT_THAT(to_string(loaded.mistakes[0]), HasSubstr("gone.toml: cannot be read: No such file"));
  EXPECT_THAT(to_string(load((folder_ / "none.toml").string(), {}, {}).mistakes.at(0)), HasSubstr("none.toml: cannot be read"));
  EXPECT_THAT(to_string(load(folder_.string(), {}, {}).mistakes.at(0)), HasSubstr("folder"));
}

TEST_F(LoadTest, options_belong_in_the_main_file) {
  write("sources.d/a.toml", "[http]\ntimeout = \"1s\"\n[sorce]\n");
  const auto loaded = load(write("tidings.toml", ""), {}, {});
  ASSERT_EQ(loaded.mistakes.size(), 2U);
  EXPECT_THAT(loaded.mistakes[0].message, HasSubstr("main file"));
  EXPECT_EQ(loaded.mistakes[1].suggestion, "source");
}

TEST_F(LoadTest, each_line_that_is_no_toml_is_told_and_the_rest_is_read) {
  const auto loaded = load(write("tidings.toml", "[schedule]\njitter = \nmin_interval = 5m\neagernes = 3\n"), {}, {});
  ASSERT_EQ(loaded.mistakes.size(), 3U);
  EXPECT_EQ(loaded.mistakes[0].line, 2U);
  EXPECT_THAT(loaded.mistakes[0].message, HasSubstr("this is not TOML"));
  EXPECT_EQ(loaded.mistakes[1].line, 3U);
  EXPECT_EQ(loaded.mistakes[2].line, 4U);
  EXPECT_EQ(loaded.mistakes[2].suggestion, "eagerness");
}

TEST_F(LoadTest, overrides_win_over_the_file) {
  const auto file = write("tidings.toml", "[redis]\nurl = \"redis://a\"\n[daemon]\nstate_directory = \"state\"\n");
  EXPECT_EQ(load(file, {}, {}).config->store.path, (folder_ / "state/tidings.db").string());
  Overrides overrides;
  overrides.redis_url = "redis://b";
  overrides.state_directory = "/srv/state";
  const auto loaded = load(file, overrides, {});
  EXPECT_EQ(value_of(*loaded.config, "redis.url"), "redis://b");
  EXPECT_EQ(loaded.config->store.path, "/srv/state/tidings.db");
  EXPECT_FALSE(value_of(*loaded.config, "redis.uri"));
}

TEST_F(LoadTest, a_difference_names_sources_and_what_waits_for_a_restart) {
  const auto before = load(write("tidings.toml", source("a") + source("b") + source("c")), {}, {});
  const auto after = load(write("tidings.toml", "[daemon]\nlog_level = \"debug\"\n[web]\nlisten = \"\"\n" + source("a") + "[[source]]\nid = \"b\"\nurl = \"https://example.org/moved\"\n" + source("d")), {}, {});
  const auto difference = diff(*before.config, *after.config);
  EXPECT_THAT(difference.added, ElementsAre("d"));
  EXPECT_THAT(difference.removed, ElementsAre("c"));
  EXPECT_THAT(difference.changed, ElementsAre("b"));
  EXPECT_THAT(difference.live, ElementsAre("daemon.log_level"));
  EXPECT_THAT(difference.needs_restart, ElementsAre("web.listen"));
  EXPECT_FALSE(difference.alerts);
  EXPECT_TRUE(diff(*after.config, *after.config).empty());
  EXPECT_EQ(to_string(diff(*after.config, *after.config)), "nothing changed");
}

TEST(document, the_example_is_what_the_table_says_and_reads_as_the_defaults) {
  std::ifstream file(TIDINGS_SOURCE_DIR "/config/tidings.toml");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_TRUE(text == options_as_toml()) << "print it anew: tidings check --options > config/tidings.toml";

  // With every default switched on it says the same as an empty file.
  std::string on;
  bool is_option = true;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# Sources, rules and hooks stand here")) is_option = false;
    if (is_option && line.size() > 1 && line[0] == '#' && line[1] != ' ') line.erase(0, 1);
    on += line + '\n';
  }
  const auto loaded = read({"tidings.toml", on}, {}, {}, {});
  ASSERT_TRUE(loaded.config) << to_string(loaded.mistakes.at(0));
  EXPECT_EQ(to_string(diff(*read({"tidings.toml", ""}, {}, {}, {}).config, *loaded.config)), "nothing changed");
  for (const auto& option : option_table()) EXPECT_THAT(on, HasSubstr("\n" + option.key + " = ")) << option.path();
}

}  // namespace
}  // namespace tidings::config
