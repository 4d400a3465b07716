#include "config/url_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidings::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct List {
  explicit List(std::string_view text) { drafts = read_url_list("x.urls", text, mistakes); }
  std::vector<Mistake> mistakes;
  std::vector<SourceDraft> drafts;
};

TEST(UrlList, words_after_the_url_are_tags_a_name_and_an_id) {
  const List list("https://example.org/feed.xml  science \"long reads\" science \"~The Example\" id=example  # the best\n");
  ASSERT_THAT(list.mistakes, IsEmpty());
  ASSERT_THAT(list.drafts, SizeIs(1));
  const model::Source& source = list.drafts[0].source;
  EXPECT_EQ(source.url, "https://example.org/feed.xml");
  EXPECT_EQ(source.id, "example");
  EXPECT_EQ(source.name, "The Example");
  EXPECT_THAT(source.settings->tags, ElementsAre("science", "long reads"));
  EXPECT_EQ(source.origin, "x.urls:1");
}

TEST(UrlList, an_id_that_is_not_stated_is_the_same_wherever_the_line_stands) {
  const List one("https://www.Example.org:8080/a\nhttps://example.org/b\n");
  const List other("\xEF\xBB\xBF# moved\r\n\r\nhttps://example.org/b\r\n\thttps://www.Example.org:8080/a");
  ASSERT_THAT(one.drafts, SizeIs(2));
  ASSERT_THAT(other.drafts, SizeIs(2));
  EXPECT_EQ(one.drafts[0].source.id, other.drafts[1].source.id);
  EXPECT_EQ(one.drafts[1].source.id, other.drafts[0].source.id);
  EXPECT_EQ(other.drafts[1].source.origin, "x.urls:4");
  EXPECT_TRUE(one.drafts[0].source.id.starts_with("example.org-"));
  EXPECT_NE(one.drafts[0].source.id, one.drafts[1].source.id);
  EXPECT_EQ(List("https://[2001:db8::1]/feed").drafts.at(0).source.id.find_first_of("[:]"), std::string::npos);
}

TEST(UrlList, a_fragment_is_no_comment) {
  const List list("https://example.org/feed#top tag#1 #2\n");
  ASSERT_THAT(list.drafts, SizeIs(1));
  EXPECT_EQ(list.drafts[0].source.url, "https://example.org/feed#top");
  EXPECT_THAT(list.drafts[0].source.settings->tags, ElementsAre("tag#1"));
}

TEST(UrlList, every_line_that_does_not_fit_is_told_and_the_others_stay) {
  const List list("ftp://example.org/\nhttps://good.example/\nhttps://example.org/ \"no end\nhttps://example.org/ id=Two\nhttps://example.org/\xFF\n" +
                  ("https://example.org/" + std::string(20'000, 'x')));
  std::vector<std::string> told;
  for (const auto& mistake : list.mistakes) told.push_back(to_string(mistake));
  EXPECT_THAT(told, ElementsAre("x.urls:1:1: the first word of a line must be a URL that begins with http:// or https://, not 'ftp://example.org/'",
                                "x.urls:3:1: a quote has no end",
                                "x.urls:4:1: the id 'Two' must be of small letters, digits, '.', '_' and '-'",
                                "x.urls:5:1: this line is not UTF-8", "x.urls:6:1: this line is longer than 16 KiB"));
  ASSERT_THAT(list.drafts, SizeIs(1));
  EXPECT_EQ(list.drafts[0].line, 2U);
}

}  // namespace
}  // namespace tidings::config
