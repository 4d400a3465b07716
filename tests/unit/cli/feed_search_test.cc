#include "cli/feed_search.h"

#include <gmock/gmock.h>

#include <map>

namespace tidings::cli {
namespace {

using testing::ElementsAre;

std::string feed(const std::string& title, const std::string& language = "en") {
  return "<rss version=\"2.0\"><channel><title>" + title + "</title><language>" + language + "</language><item><title>a</title></item></channel></rss>";
}

// A web of these documents; what is not there is not found.
class FeedSearchTest : public testing::Test {
 protected:
  Result<std::vector<FoundFeed>> find(const std::string& url) {
    return find_feeds(url, [this](const std::string& one) -> Result<ParseInput> {
      asked_.push_back(one);
      const auto found = web_.find(one);
      if (found == web_.end()) return Error(Errc::network, one + " is not there");
      ParseInput input;
      input.url = one;
      input.body.append(found->second);
      return input;
    });
  }
  std::vector<std::string> urls(const std::string& url) {
    std::vector<std::string> out;
    const auto found = find(url);
    if (!found) return {found.error().message()};
    for (const auto& one : *found) out.push_back(one.url);
    return out;
  }

  std::map<std::string, std::string> web_;
  std::vector<std::string> asked_;
};

TEST_F(FeedSearchTest, a_feed_is_what_it_is) {
  web_["https://a.example/x"] = feed("News &amp; more", "de-AT");
  const auto found = find("https://a.example/x");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->front().title, "News & more");
  EXPECT_EQ(found->front().plugin, "feed");
  EXPECT_EQ(found->front().language, "de-AT");
  EXPECT_EQ(found->front().entries, 1U);
  EXPECT_THAT(asked_, ElementsAre("https://a.example/x"));
}

TEST_F(FeedSearchTest, a_language_that_is_none_is_left_out) {
  web_["https://a.example/x"] = feed("a", "English (US)");
  EXPECT_EQ(find("https://a.example/x")->front().language, "");
}

TEST_F(FeedSearchTest, a_page_is_asked_for_the_feeds_it_names_and_those_that_are_none_are_left_out) {
  web_["https://a.example/"] = "<link rel=alternate type=application/rss+xml href=/one><link rel=alternate type=application/rss+xml href=/page>"
                               "<link rel=alternate type=application/rss+xml href=/gone><link rel=alternate type=application/rss+xml href=/two>";
  web_["https://a.example/one"] = feed("One");
  web_["https://a.example/two"] = feed("Two");
  web_["https://a.example/page"] = "<html>no feed</html>";
  EXPECT_THAT(urls("https://a.example/"), ElementsAre("https://a.example/one", "https://a.example/two"));
}

TEST_F(FeedSearchTest, the_title_is_the_pages_where_the_feed_has_none) {
  web_["https://a.example/"] = "<link rel=alternate type=application/rss+xml title=Ours href=/one>";
  web_["https://a.example/one"] = feed("");
  EXPECT_EQ(find("https://a.example/")->front().title, "Ours");
}

TEST_F(FeedSearchTest, usual_places_are_tried_last_and_until_one_is_there) {
  web_["https://a.example/blog"] = "<html></html>";
  web_["https://a.example/rss.xml"] = feed("a");
  web_["https://a.example/feed.xml"] = feed("b");
  EXPECT_THAT(urls("https://a.example/blog"), ElementsAre("https://a.example/rss.xml"));
  web_.erase("https://a.example/rss.xml");
  web_.erase("https://a.example/feed.xml");
  EXPECT_THAT(urls("https://a.example/blog"), ElementsAre("https://a.example/blog is no feed, names none, and none is where feeds usually are"));
}

TEST_F(FeedSearchTest, without_a_scheme_https_is_tried_before_http) {
  web_["http://a.example"] = feed("a");
  EXPECT_THAT(urls("a.example"), ElementsAre("http://a.example"));
  EXPECT_THAT(asked_, ElementsAre("https://a.example", "http://a.example"));
  EXPECT_THAT(urls("b.example"), ElementsAre("https://b.example is not there"));
}

TEST_F(FeedSearchTest, a_page_with_many_links_is_not_asked_for_all) {
  std::string page;
  for (int i = 0; i < 100; ++i) page += "<link rel=alternate type=application/rss+xml href=/" + std::to_string(i) + ">";
  web_["https://a.example/"] = page;
  web_["https://a.example/0"] = feed("a");
  EXPECT_THAT(urls("https://a.example/"), ElementsAre("https://a.example/0"));
  EXPECT_LE(asked_.size(), 13U);
}

}  // namespace
}  // namespace tidings::cli
