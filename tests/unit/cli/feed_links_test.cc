#include "cli/feed_links.h"

#include <gmock/gmock.h>

namespace tidings::cli {

void PrintTo(const FeedLink& link, std::ostream* out) { *out << link.url << " '" << link.title << "'"; }

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kPage = "https://example.org/news/";

TEST(feed_links, alternate_links_of_feed_types_come_first_each_once) {
  EXPECT_THAT(feed_links(R"(<head>
      <link rel="stylesheet alternate" type="text/css" href="/style.css">
      <link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" title=" All
        news " href="/all.xml">
      <link rel="alternate feed" type="application/atom+xml" href="sport.xml">
      <link rel="alternate" type="application/feed+json" href="https://other.example/feed.json">
      <link rel="alternate" type="application/rss+xml" href="/all.xml">
      <link rel="alternate" hreflang="de" href="/de/"></head>
      <body><a href="/all.xml">again</a><a href="/tags/x.rss?y=1">x</a><a href="/feedback">no</a></body>)",
                         kPage),
              ElementsAre(FeedLink{"https://example.org/all.xml", "All news"}, FeedLink{"https://example.org/news/sport.xml", ""},
                          FeedLink{"https://other.example/feed.json", ""}, FeedLink{"https://example.org/tags/x.rss?y=1", ""}));
}

TEST(feed_links, the_first_base_of_the_page_counts) {
  EXPECT_THAT(feed_links(R"(<base href="/deep/"><base href="/other/"><link rel=alternate type=application/rss+xml href=a.xml>)", kPage),
              ElementsAre(FeedLink{"https://example.org/deep/a.xml", ""}));
}

TEST(feed_links, only_web_addresses_are_followed) {
  EXPECT_THAT(feed_links(R"(<link rel=alternate type=application/rss+xml href="file:///etc/passwd.rss">
                            <link rel=alternate type=application/rss+xml href="javascript:x.rss"><a href="mailto:a.rss">m</a>
                            <link rel=alternate type=application/rss+xml href="  ">)",
                         kPage),
              IsEmpty());
}

TEST(feed_links, broken_pages_are_read_as_far_as_they_go) {
  EXPECT_THAT(feed_links("", kPage), IsEmpty());
  EXPECT_THAT(feed_links("<<<\xff<link rel=alternate type=application/rss+xml href=/a.xml", kPage), IsEmpty());
  EXPECT_THAT(feed_links("<b><i></b><table><a href=/x.rss>x", kPage), ElementsAre(FeedLink{"https://example.org/x.rss", ""}));
  EXPECT_THAT(feed_links("<script>'<a href=/no.rss>'</script><!-- <a href=/no.rss> --><a href='/a&amp;b.rss'>", kPage),
              ElementsAre(FeedLink{"https://example.org/a&b.rss", ""}));
}

TEST(feed_links, deep_nesting_takes_linear_time_and_the_links_are_bounded) {
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "<div>";
  EXPECT_THAT(feed_links(deep + "<link rel=alternate type=application/rss+xml href=/x.rss>", kPage), ElementsAre(FeedLink{"https://example.org/x.rss", ""}));
  std::string many;
  for (int i = 0; i < 500; ++i) many += "<a href=/" + std::to_string(i) + ".rss>x</a>";
  EXPECT_EQ(feed_links(many, kPage).size(), 50U);
}

TEST(usual_feed_urls, are_those_of_the_site) {
  EXPECT_EQ(usual_feed_urls("https://example.org:8443/a/b?c").front(), "https://example.org:8443/feed");
}

}  // namespace
}  // namespace tidings::cli
