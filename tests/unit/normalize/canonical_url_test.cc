#include "normalize/canonical_url.h"

#include <gtest/gtest.h>

namespace tidings::normalize {
namespace {

std::string canonical(std::string_view url, const Options& options = {}) { return canonical_url(url, options); }

TEST(CanonicalUrl, case_ports_fragments_and_credentials_do_not_name_a_page) {
  EXPECT_EQ(canonical("HTTP://User:pw@News.Example:80/A/b?x=1#top"), "https://news.example/A/b?x=1");
  EXPECT_EQ(canonical("https://news.example.:443/a/"), "https://news.example/a");
  EXPECT_EQ(canonical("https://news.example"), "https://news.example");
  EXPECT_EQ(canonical("https://news.example/"), "https://news.example");
  EXPECT_EQ(canonical("http://news.example:8080/a"), "http://news.example:8080/a");
}

TEST(CanonicalUrl, a_fragment_that_is_a_page_stays) { EXPECT_EQ(canonical("https://news.example/#!/story/7"), "https://news.example#!/story/7"); }

TEST(CanonicalUrl, tracking_parameters_go_and_others_stay_in_their_order) {
  EXPECT_EQ(canonical("https://news.example/a?utm_source=rss&id=7&UTM_Medium=x&b=2&fbclid=1"), "https://news.example/a?id=7&b=2");
  EXPECT_EQ(canonical("https://news.example/a?at_medium=RSS&at_campaign=KARANGA"), "https://news.example/a");
  EXPECT_EQ(canonical("https://news.example/a?partner=rss&emc=rss"), "https://news.example/a");
  EXPECT_EQ(canonical("https://news.example/a?ref=rss"), "https://news.example/a");
}

TEST(CanonicalUrl, a_parameter_that_may_name_the_page_is_kept) {
  EXPECT_EQ(canonical("https://news.example/view?ref=4711&source=archive"), "https://news.example/view?ref=4711&source=archive");
  EXPECT_EQ(canonical("https://news.example/a?utmost=1"), "https://news.example/a?utmost=1");
}

TEST(CanonicalUrl, the_user_names_more_tracking_parameters) {
  Options options;
  options.tracking_parameters = {"campaign_*", "Kiosk"};
  EXPECT_EQ(canonical("https://news.example/a?campaign_id=3&kiosk=1&id=2", options), "https://news.example/a?id=2");
}

TEST(CanonicalUrl, amp_pages_and_caches_are_the_page) {
  EXPECT_EQ(canonical("https://news.example/a/amp/"), "https://news.example/a");
  EXPECT_EQ(canonical("https://news.example/a/amp"), "https://news.example/a");
  EXPECT_EQ(canonical("https://news.example/amp/a"), "https://news.example/a");
  EXPECT_EQ(canonical("https://news.example/a.amp.html"), "https://news.example/a.html");
  EXPECT_EQ(canonical("https://news.example/a?amp=1&outputType=amp"), "https://news.example/a");
  EXPECT_EQ(canonical("https://amp.news.example/a"), "https://www.news.example/a");
  EXPECT_EQ(canonical("https://news-example.cdn.ampproject.org/c/s/news.example/a/amp/"), "https://news.example/a");
  EXPECT_EQ(canonical("https://www.google.com/amp/s/news.example/a.amp"), "https://news.example/a");
  EXPECT_EQ(canonical("https://news.example/camp"), "https://news.example/camp");
}

TEST(CanonicalUrl, a_redirector_is_the_page_behind_it) {
  EXPECT_EQ(canonical("https://www.google.com/url?rct=j&sa=t&url=https://news.example/a%3Fid%3D7&ct=ga"), "https://news.example/a?id=7");
  EXPECT_EQ(canonical("https://www.google.com/url?q=javascript:alert(1)"), "https://www.google.com/url?q=javascript:alert(1)");
}

TEST(CanonicalUrl, escapes_and_letters_have_one_form) {
  EXPECT_EQ(canonical("https://news.example/%7euser/%c3%a4"), "https://news.example/~user/%C3%A4");
  EXPECT_EQ(canonical("https://news.example/ä"), "https://news.example/%C3%A4");
  EXPECT_EQ(canonical("https://b\u00fccher.example/a"), "https://xn--bcher-kva.example/a");
}

TEST(CanonicalUrl, what_is_no_web_url_has_none) {
  EXPECT_EQ(canonical(""), "");
  EXPECT_EQ(canonical("mailto:desk@news.example"), "");
  EXPECT_EQ(canonical("javascript:alert(1)"), "");
  EXPECT_EQ(canonical("/a/b"), "");
}

TEST(CanonicalUrl, it_is_its_own_canonical_form) {
  for (const char* url : {"http://amp.news.example/x/amp/?utm_id=1&q=%e2%82%ac", "https://www.google.com/url?url=http://b.example/amp/", "https://a.example/%2e%2E/b"}) {
    const std::string once = canonical(url);
    EXPECT_EQ(canonical(once), once);
  }
}

}  // namespace
}  // namespace tidings::normalize
