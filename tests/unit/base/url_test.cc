#include "base/url.h"

#include <gtest/gtest.h>

namespace tidings {
namespace {

TEST(ResolveUrl, encodes_what_the_base_has_that_a_url_has_not) {
  EXPECT_EQ(resolve_url("http://a.test/b \x14/c", "d"), "http://a.test/b%20%14/d");
  EXPECT_EQ(resolve_url("http://a.test\\\x14.c", ""), "http://a.test/%14.c");
}

TEST(ResolveUrl, leaves_no_dots_even_in_a_path_that_is_the_base_s) {
  EXPECT_EQ(resolve_url("http://a.test/b/../c", ""), "http://a.test/c");
  EXPECT_EQ(resolve_url("http://a.test/./c?d", "#e"), "http://a.test/c?d#e");
}

TEST(RegistrableDomain, has_no_dots_at_its_end) { EXPECT_EQ(registrable_domain("news.a.com.."), "a.com"); }

TEST(Url, has_no_colon_in_a_name) {
  EXPECT_FALSE(parse_url("https://u:p@:808http:/"));
  EXPECT_FALSE(parse_url("https://a[b]/"));
  EXPECT_FALSE(parse_url("https://[::1]x/"));
  EXPECT_TRUE(parse_url("https://[::1]:80/"));
}

TEST(Url, takes_apart_and_puts_together) {
  const auto url = parse_url("  HTTP://User:pw@News.Example.COM:8080/a/b?x=1&y#top ");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->scheme, "http");
  EXPECT_EQ(url->userinfo, "User:pw");
  EXPECT_EQ(url->host, "news.example.com");
  EXPECT_EQ(url->port, "8080");
  EXPECT_EQ(url->path, "/a/b");
  EXPECT_EQ(url->query, "x=1&y");
  EXPECT_EQ(url->fragment, "top");
  EXPECT_EQ(to_string(*url), "http://User:pw@news.example.com:8080/a/b?x=1&y#top");
}

TEST(Url, reads_ipv6_and_empty_parts) {
  const auto url = parse_url("https://[2001:DB8::1]:443/?#");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->host, "[2001:db8::1]");
  EXPECT_EQ(url->port, "443");
  EXPECT_TRUE(url->has_query);
  EXPECT_EQ(to_string(*url), "https://[2001:db8::1]:443/?#");
}

TEST(Url, refuses_what_is_no_url) {
  for (const char* text : {"", "news", "/path", "http://", "http:///x", "http://a:b/", "http://a:123456/", "http://a b/", "http://<x>/"}) {
    EXPECT_FALSE(parse_url(text).has_value()) << text;
  }
}

struct Case {
  const char* reference;
  const char* expected;
};

TEST(Url, resolves_as_rfc_3986_shows) {
  const char* base = "http://a/b/c/d;p?q";
  for (const auto& [reference, expected] : std::initializer_list<Case>{
           {"g:h", "g:h"}, {"g", "http://a/b/c/g"}, {"./g", "http://a/b/c/g"}, {"g/", "http://a/b/c/g/"}, {"/g", "http://a/g"},
           {"//g", "http://g"}, {"?y", "http://a/b/c/d;p?y"}, {"g?y", "http://a/b/c/g?y"}, {"#s", "http://a/b/c/d;p?q#s"},
           {"g#s", "http://a/b/c/g#s"}, {"g?y#s", "http://a/b/c/g?y#s"}, {";x", "http://a/b/c/;x"}, {"g;x", "http://a/b/c/g;x"},
           {"", "http://a/b/c/d;p?q"}, {".", "http://a/b/c/"}, {"./", "http://a/b/c/"}, {"..", "http://a/b/"},
           {"../", "http://a/b/"}, {"../g", "http://a/b/g"}, {"../..", "http://a/"}, {"../../g", "http://a/g"},
           {"../../../g", "http://a/g"}, {"../../../../g", "http://a/g"}, {"/./g", "http://a/g"}, {"/../g", "http://a/g"},
           {"g.", "http://a/b/c/g."}, {".g", "http://a/b/c/.g"}, {"g..", "http://a/b/c/g.."}, {"..g", "http://a/b/c/..g"},
           {"./../g", "http://a/b/g"}, {"./g/.", "http://a/b/c/g/"}, {"g/./h", "http://a/b/c/g/h"}, {"g/../h", "http://a/b/c/h"},
           {"g;x=1/./y", "http://a/b/c/g;x=1/y"}, {"g?y/../x", "http://a/b/c/g?y/../x"}, {"g#s/../x", "http://a/b/c/g#s/../x"},
           {"http:g", "http://a/b/c/g"}}) {
    EXPECT_EQ(resolve_url(base, reference), expected) << reference;
  }
}

TEST(Url, resolves_as_browsers_do) {
  const char* base = "https://example.com/news/list.html";
  for (const auto& [reference, expected] : std::initializer_list<Case>{
           {" a b.html\n", "https://example.com/news/a%20b.html"}, {"a\tb\n.html", "https://example.com/news/ab.html"},
           {"\\\\cdn.example.com\\x.png", "https://cdn.example.com/x.png"}, {"..\\img\\x.png", "https://example.com/img/x.png"},
           {"/\xC3\x80", "https://example.com/\xC3\x80"}, {"javascript:alert(1)", "javascript:alert(1)"},
           {"mailto:a@b.example", "mailto:a@b.example"}, {"https:?x", "https://example.com/news/list.html?x"},
           {"http://x.example/a/../b", "http://x.example/b"}, {"10:30 news", "https://example.com/news/10:30%20news"}}) {
    EXPECT_EQ(resolve_url(base, reference), expected) << reference;
  }
}

TEST(Url, leaves_a_reference_without_a_usable_base) {
  EXPECT_EQ(resolve_url("", "a/b"), "a/b");
  EXPECT_EQ(resolve_url("not a url", "a/b"), "a/b");
  EXPECT_EQ(resolve_url("mailto:x@y.example", "a/b"), "a/b");
  EXPECT_EQ(resolve_url("http://a", "b"), "http://a/b");
  EXPECT_EQ(resolve_url("http://a?q", "b"), "http://a/b");
  EXPECT_EQ(resolve_url("http://a", "?b"), "http://a?b");
  EXPECT_EQ(resolve_url("tag:x,2020:1", "#part"), "tag:x,2020:1#part");
}

TEST(Url, sees_the_scheme_that_a_browser_would_see) {
  EXPECT_EQ(url_scheme(" \x01JaVa\tscr\nipt:alert(1)"), "javascript");
  EXPECT_EQ(url_scheme("https://a"), "https");
  EXPECT_EQ(url_scheme("a/b:c"), "");
  EXPECT_EQ(url_scheme("&:x"), "");
  EXPECT_EQ(url_scheme("plain"), "");
}

TEST(Url, knows_the_domain_that_was_registered) {
  EXPECT_EQ(registrable_domain("News.BBC.co.uk"), "bbc.co.uk");
  EXPECT_EQ(registrable_domain("www.example.com."), "example.com");
  EXPECT_EQ(registrable_domain("alice.github.io"), "alice.github.io");
  EXPECT_EQ(registrable_domain("co.uk"), "co.uk");
  EXPECT_EQ(registrable_domain("localhost"), "localhost");
  EXPECT_EQ(registrable_domain("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(registrable_domain("[::1]"), "[::1]");
}

}  // namespace
}  // namespace tidings
