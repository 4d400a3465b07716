#include "config/opml.h"

#include <gmock/gmock.h>

#include "config/load.h"
#include "config/source_id.h"
#include "config/source_toml.h"

namespace tidings::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kSubscriptions = R"(<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>My  news</title></head>
  <body>
    <outline text="World">
      <outline text="Le Monde – À la une" type="rss" xmlUrl="https://example.org/a.xml" language="fr"/>
      <outline text="Asia">
        <outline title="共同通信" type="rss" xmlUrl="https://feeds.example.jp/b.xml"/>
      </outline>
    </outline>
    <outline type="rss" text="no address"/>
    <outline type="rss" text="Le Monde — à la une" xmlUrl="feed://example.org/c.xml" category="/press/paris, daily"/>
    <outline type="rss" text="bad" xmlUrl="gopher://example.org/"/>
    <outline type="rss" text="again" xmlUrl="https://example.org/a.xml"/>
    <outline xmlUrl="https://www.example.net:8080/d.xml"/>
  </body>
</opml>)";

TEST(opml, nested_outlines_become_tags_and_titles_become_ids) {
  const auto opml = read_opml(kSubscriptions, {"le-monde-a-la-une"});
  ASSERT_TRUE(opml) << opml.error().message();
  EXPECT_EQ(opml->title, "My news");
  ASSERT_EQ(opml->sources.size(), 4U);
  EXPECT_EQ(opml->sources[0].id, "le-monde-a-la-une-2");
  EXPECT_EQ(opml->sources[0].settings->language, "fr");
  EXPECT_THAT(opml->sources[0].settings->tags, ElementsAre("World"));
  EXPECT_EQ(opml->sources[1].id, "gong-tong-tong-xin");
  EXPECT_THAT(opml->sources[1].settings->tags, ElementsAre("World", "Asia"));
  EXPECT_EQ(opml->sources[2].id, "le-monde-a-la-une-3");
  EXPECT_EQ(opml->sources[2].url, "http://example.org/c.xml");
  EXPECT_THAT(opml->sources[2].settings->tags, ElementsAre("press/paris", "daily"));
  EXPECT_EQ(opml->sources[3].id, "example-net-8080");
}

TEST(opml, entries_that_cannot_be_used_are_named_with_their_line) {
  const auto opml = read_opml(kSubscriptions);
  ASSERT_TRUE(opml);
  ASSERT_EQ(opml->flaws.size(), 3U);
  EXPECT_EQ(opml->flaws[0].line, 11U);
  EXPECT_EQ(opml->flaws[0].message, "the entry 'no address' has no xmlUrl");
  EXPECT_EQ(opml->flaws[1].line, 13U);
  EXPECT_THAT(opml->flaws[1].message, HasSubstr("http://"));
  EXPECT_EQ(opml->flaws[2].line, 14U);
  EXPECT_THAT(opml->flaws[2].message, HasSubstr("line 6"));
}

TEST(opml, what_is_no_opml_says_so) {
  EXPECT_THAT(read_opml("<rss/>").error().message(), HasSubstr("<rss>"));
  EXPECT_THAT(read_opml("<opml>\n<body>").error().message(), HasSubstr("line 2"));
  EXPECT_FALSE(read_opml(""));
}

TEST(opml, depth_is_bounded) {
  std::string deep = "<opml><body>";
  for (int i = 0; i < 5000; ++i) deep += "<outline text='x'>";
  for (int i = 0; i < 5000; ++i) deep += "</outline>";
  const auto opml = read_opml(deep + "</body></opml>");
  ASSERT_TRUE(opml) << opml.error().message();
  EXPECT_EQ(opml->flaws.size(), 1U);
}

TEST(opml, what_is_written_reads_back) {
  const auto first = read_opml(kSubscriptions);
  ASSERT_TRUE(first);
  const auto second = read_opml(write_opml(first->sources, "News & more"));
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(second->title, "News & more");
  ASSERT_EQ(second->sources.size(), first->sources.size());
  EXPECT_EQ(second->sources[1].name, "共同通信");
  EXPECT_THAT(second->sources[1].settings->tags, ElementsAre("World", "Asia"));
}

TEST(source_toml, what_is_written_reads_back) {
  auto opml = read_opml(kSubscriptions);
  ASSERT_TRUE(opml);
  auto& sources = opml->sources;
  sources[0].name = "quote \" backslash \\ and \x7f";
  sources[0].settings.edit().headers = {{"X-Key", "v"}};
  sources[0].settings.edit().interval = std::chrono::seconds(90);
  sources[0].settings.edit().options = {{"items", "\"/a\""}, {"map", R"({"title":"/t","n":[1,2.5,true],"f":3.0})"}};
  const auto loaded = read({"x.toml", sources_as_toml(sources)}, {}, {}, {});
  ASSERT_TRUE(loaded.config) << testing::PrintToString(loaded.mistakes.size()) << sources_as_toml(sources);
  std::vector<model::Source> read_back;
  for (const auto& source : loaded.config->sources) read_back.push_back(*source), read_back.back().origin.clear();
  EXPECT_EQ(read_back[0].settings->options.at("map"), R"({"f":3E0,"n":[1,2.5E0,true],"title":"/t"})");
  read_back[0].settings.edit().options = sources[0].settings->options;
  EXPECT_EQ(read_back, sources);
}

TEST(source_id, comes_from_the_title_in_any_script_or_the_host) {
  SourceIds ids({"news"});
  EXPECT_EQ(ids.make("Українська правда", ""), "ukrainska-pravda");
  EXPECT_EQ(ids.make("  It's \"News\" ", ""), "its-news");
  EXPECT_EQ(ids.make("NEWS", ""), "news-2");
  EXPECT_EQ(ids.make("!!!", "https://user@feeds.bbci.co.uk/x"), "bbci-co-uk");
  EXPECT_EQ(ids.make("", ""), "source");
}

}  // namespace
}  // namespace tidings::config
