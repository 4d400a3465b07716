#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "config/load.h"

namespace tidings::config {
namespace {

using testing::ElementsAre;

Loaded read_text(const std::string& text, const Checks& checks = {}) { return read({"dir/tidings.toml", text}, {}, {}, checks); }

std::vector<std::string> told(const Loaded& loaded) {
  std::vector<std::string> out;
  for (const auto& mistake : loaded.mistakes) out.push_back(to_string(mistake));
  return out;
}

Checks checks() {
  Checks checks;
  checks.plugins = [](const std::string&) {
    PluginSpec feed{"feed", "", true, {}};
    PluginSpec json{"json", "", true, {{"items", PluginOption::Type::string, "", "", true}, {"depth", PluginOption::Type::integer, "", "", false}}};
    return std::vector{feed, json};
  };
  checks.query = [](std::string_view query) -> Result<void> {
    if (query.ends_with("AND")) return Error(Errc::invalid, "a term is missing after AND");
    return {};
  };
  return checks;
}

TEST(read, empty_text_gives_the_defaults) {
  const auto loaded = read_text("");
  ASSERT_TRUE(loaded.config) << testing::PrintToString(told(loaded));
  EXPECT_EQ(loaded.config->schedule.jitter, schedule::Options().jitter);
  EXPECT_EQ(loaded.config->store.path, "/var/lib/tidings/tidings.db");
}

TEST(read, a_source_may_be_a_stream) {
  const auto loaded = read_text(R"(
[push]
public_url = ""
[[source]]
id = "a"
url = "wss://news.test/live?since={cursor}"
subscribe = ["hello"]
backup_url = "https://news.test/list"
[[source]]
id = "b"
url = "https://news.test/events"
stream = "sse"
push = false
)");
  ASSERT_TRUE(loaded.config) << testing::PrintToString(told(loaded));
  EXPECT_EQ(loaded.config->sources[0]->settings->stream, model::StreamKind::websocket);
  EXPECT_EQ(loaded.config->sources[1]->settings->stream, model::StreamKind::sse);
  EXPECT_TRUE(loaded.config->sources[0]->settings->push);
  EXPECT_FALSE(loaded.config->sources[1]->settings->push);
}

TEST(read, what_fits_no_stream_is_told) {
  Checks deaf;
  deaf.plugins = [](const std::string&) { return std::vector{PluginSpec{"feed", "", true, {}, false}}; };
  const auto loaded = read_text(R"([push]
public_url = "ftp://news.test/"
[[source]]
id = "a"
url = "https://news.test/a"
backup_url = "https://news.test/list"
[[source]]
id = "b"
url = "https://news.test/b"
stream = "sse"
subscribe = ["hello"]
)", deaf);
  const auto mistakes = told(loaded);
  ASSERT_EQ(mistakes.size(), 4U) << testing::PrintToString(mistakes);
  EXPECT_THAT(mistakes[0], testing::HasSubstr("push.public_url must be a URL"));
  EXPECT_THAT(mistakes[1], testing::HasSubstr("backup_url of 'a' is for a source with `stream`"));
  EXPECT_THAT(mistakes[2], testing::HasSubstr("the plugin 'feed' reads no streams"));
  EXPECT_THAT(mistakes[3], testing::HasSubstr("subscribe of 'b' is for a WebSocket"));
}

TEST(read, values_of_every_kind_reach_their_members) {
  const auto loaded = read_text(R"(
include = ["a.toml"]
[daemon]
state_directory = "state"
log_level = "debug"
workers = 3
[schedule]
jitter = 0.25
max_requests_per_second = 5
min_interval = "1m30s"
[store]
max_outbox = "64MiB"
[publish]
take_over = true
on_reset = "resume"
)");
  ASSERT_TRUE(loaded.config) << testing::PrintToString(told(loaded));
  const Config& config = *loaded.config;
  EXPECT_THAT(config.include, ElementsAre("a.toml"));
  EXPECT_EQ(config.daemon.state_directory, "dir/state");
  EXPECT_EQ(config.daemon.log_level, "debug");
  EXPECT_EQ(config.ingest.workers, 3U);
  EXPECT_EQ(config.schedule.jitter, 0.25);
  EXPECT_EQ(config.schedule.max_requests_per_second, 5);
  EXPECT_EQ(config.schedule.min_interval, std::chrono::seconds(90));
  EXPECT_EQ(config.store.max_outbox_bytes, 64U << 20);
  EXPECT_TRUE(config.publish.take_over);
  EXPECT_EQ(config.publish.on_reset, publish::OnReset::resume);
}

TEST(read, a_source_has_its_options_as_json) {
  const auto loaded = read_text(R"([[source]]
id = "quakes"
plugin = "json"
url = "https://example.org/quakes.json"
tags = ["science"]
interval = "5m"
headers = {Accept = "application/json"}
options = {items = "/features", depth = 3}
)", checks());
  ASSERT_TRUE(loaded.config) << testing::PrintToString(told(loaded));
  ASSERT_EQ(loaded.config->sources.size(), 1U);
  const model::Source& source = *loaded.config->sources[0];
  EXPECT_EQ(source.id, "quakes");
  EXPECT_EQ(source.settings->interval, std::chrono::minutes(5));
  EXPECT_EQ(source.settings->headers[0].value, "application/json");
  EXPECT_EQ(source.settings->options.at("items"), "\"/features\"");
  EXPECT_EQ(source.settings->options.at("depth"), "3");
  EXPECT_EQ(source.origin, "dir/tidings.toml:1");
}

TEST(read, ten_mistakes_are_told_each_with_its_place) {
  const auto loaded = read_text(R"([schedule]
jiter = 0.1
min_interval = 90
[stores]
path = "x"
[publish]
window = 1000
on_reset = "replays"
[[source]]
id = "a"
url = "htp://example.org/feed"
[[source]]
id = "a"
url = "https://example.org/feed"
plugin = "fed"
[[source]]
id = "b"
plugin = "json"
url = "https://example.org/api"
options = {itms = "/x"}
[[rule]]
id = "r"
query = "quake AND"
hooks = ["dsk"]
[[hook]]
id = "desk"
url = "https://example.org/hook"
timeout = "20 s"
)", checks());
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(told(loaded),
              ElementsAre("dir/tidings.toml:2:1: [schedule] has no option 'jiter' (did you mean 'jitter'?)",
                          "dir/tidings.toml:3:16: schedule.min_interval must be a duration such as \"90s\" or \"1h30m\", not 90",
                          "dir/tidings.toml:4:2: the configuration has no option 'stores' (did you mean 'store'?)",
                          "dir/tidings.toml:7:10: publish.window must be from 1 to 64, not 1000",
                          "dir/tidings.toml:8:12: publish.on_reset must be one of replay, resume, not \"replays\" (did you mean 'replay'?)",
                          "dir/tidings.toml:11:7: url must be a URL that begins with http:// or https://: \"htp://example.org/feed\"",
                          "dir/tidings.toml:13:6: there is already a source 'a' at dir/tidings.toml:9",
                          "dir/tidings.toml:15:10: there is no plugin 'fed' (did you mean 'feed'?)",
                          "dir/tidings.toml:16:1: [source.options] of 'b', for the plugin 'json', needs 'items'",
                          "dir/tidings.toml:20:12: the plugin 'json' has no option 'itms' (did you mean 'items'?)",
                          "dir/tidings.toml:23:9: the query of the rule 'r': a term is missing after AND",
                          "dir/tidings.toml:24:10: the rule 'r' names a hook 'dsk' that is not there (did you mean 'desk'?)",
                          "dir/tidings.toml:28:11: timeout must be a duration such as \"90s\" or \"1h30m\", not \"20 s\""));
}

// "column 3: " counts characters of the query, not bytes; the place is that of the file, where the query stands as it is.
TEST(read, a_flaw_in_a_query_is_told_at_its_own_place) {
  Checks checks;
  checks.query = [](std::string_view) -> Result<void> { return Error(Errc::invalid, "column 3: there is no ( for this"); };
  const auto rule = [](const std::string& query) { return "[[rule]]\nid = \"r\"\nquery = " + query + "\n"; };
  const std::string what = "the query of the rule 'r': ";
  EXPECT_THAT(told(read_text(rule("'ü )'"), checks)), ElementsAre("dir/tidings.toml:3:12: " + what + "there is no ( for this"));
  EXPECT_THAT(told(read_text(rule("\"\\u00fc )\""), checks)), ElementsAre("dir/tidings.toml:3:9: " + what + "column 3: there is no ( for this"));
  EXPECT_THAT(told(read_text(rule("\"\"\"\nü )\"\"\""), checks)), ElementsAre("dir/tidings.toml:3:9: " + what + "column 3: there is no ( for this"));
}

}  // namespace
}  // namespace tidings::config
