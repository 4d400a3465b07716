// The parts of the client that need no network: targets, routes, headers, body limits.

#include <gtest/gtest.h>

#include "http/body_limits.h"
#include "http/header_block.h"
#include "http/route.h"
#include "http/target.h"

namespace tidings::http {
namespace {

TEST(Target, credentials_and_fragment_are_taken_off) {
  const auto target = parse_target("HTTPS://me:p%40ss@Example.ORG/a?b=c#d");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->url, "https://Example.ORG/a?b=c");
  EXPECT_EQ(target->host, "example.org");
  EXPECT_EQ(target->port, 443);
  EXPECT_EQ(target->user, "me");
  EXPECT_EQ(target->password, "p@ss");
}

TEST(Target, spaces_and_other_scripts_are_encoded) {
  EXPECT_EQ(parse_target("http://h/a b?c d")->url, "http://h/a%20b?c+d");
  EXPECT_EQ(parse_target("http://h/\xC3\xA4")->url, "http://h/%c3%a4");
}

TEST(Target, references_are_resolved) {
  EXPECT_EQ(parse_target("../c?d", "http://h:81/a/b/x?y#z")->url, "http://h:81/a/c?d");
  EXPECT_EQ(parse_target("//other/x", "https://h/")->url, "https://other/x");
  EXPECT_EQ(parse_target("https://o/", "http://h/")->url, "https://o/");
}

TEST(Target, origins_are_scheme_host_and_port) {
  const auto a = *parse_target("http://h/a");
  EXPECT_TRUE(a.same_origin(*parse_target("http://H:80/b")));
  EXPECT_FALSE(a.same_origin(*parse_target("https://h/a")));
  EXPECT_FALSE(a.same_origin(*parse_target("http://h:8080/a")));
  EXPECT_FALSE(a.same_origin(*parse_target("http://h2/a")));
}

TEST(Target, what_people_see_has_no_secrets) {
  EXPECT_EQ(for_display("https://me:pw@h/a?token=1#x"), "https://h/a?...");
  EXPECT_EQ(for_display("https://h/@name"), "https://h/@name");
  EXPECT_EQ(for_display("http://a@b@h/x#y"), "http://h/x");
  EXPECT_EQ(for_display("http://h/a\r\nb\x1b[31m"), "http://h/a  b [31m");
  EXPECT_EQ(for_display("http://h/" + std::string(500, 'a')).size(), 203u);
}

Route route_of(Request request) {
  static const Options options;
  auto route = Route::begin(request, options);
  EXPECT_TRUE(route);
  return std::move(*route);
}

Request post(std::string url) {
  Request request;
  request.url = std::move(url);
  request.method = "POST";
  request.body = "b";
  return request;
}

TEST(Route, the_method_changes_as_in_browsers) {
  for (const int status : {301, 302, 303}) {
    auto route = route_of(post("http://h.test/"));
    ASSERT_TRUE(*route.follow(status, "/n"));
    EXPECT_EQ(route.method(), "GET") << status;
    EXPECT_EQ(route.body(), "") << status;
  }
  for (const int status : {307, 308}) {
    auto route = route_of(post("http://h.test/"));
    ASSERT_TRUE(*route.follow(status, "/n"));
    EXPECT_EQ(route.method(), "POST") << status;
    EXPECT_EQ(route.body(), "b") << status;
  }
}

TEST(Route, a_post_answered_by_see_other_at_the_same_url_is_no_loop) {
  auto route = route_of(post("http://h.test/"));
  EXPECT_TRUE(*route.follow(303, "/"));
  EXPECT_FALSE(route.follow(303, "/"));
}

TEST(Route, other_answers_are_the_last) {
  auto route = route_of(post("http://h.test/"));
  for (const int status : {200, 201, 300, 304, 305, 306, 404, 503}) EXPECT_FALSE(*route.follow(status, "/n")) << status;
  EXPECT_FALSE(*route.follow(302, ""));
}

TEST(Route, credentials_of_a_redirect_are_not_sent) {
  auto route = route_of(post("http://h.test/"));
  ASSERT_TRUE(*route.follow(302, "http://evil:pw@other.test/"));
  EXPECT_EQ(route.user(), "");
  EXPECT_EQ(route.target().url, "http://other.test/");
}

TEST(Route, own_headers_come_back_when_it_comes_home) {
  Request request;
  request.url = "http://h.test/";
  request.headers = {{"X-Key", "k"}, {"X-Empty", ""}};
  request.etag = "\"e\"";
  auto route = route_of(request);
  const std::vector<std::string> at_home = {"If-None-Match: \"e\"", "X-Key: k", "X-Empty;"};
  EXPECT_EQ(route.header_lines(), at_home);
  ASSERT_TRUE(*route.follow(302, "https://h.test/"));
  EXPECT_EQ(route.header_lines(), std::vector<std::string>{"If-None-Match: \"e\""});
  ASSERT_TRUE(*route.follow(302, "http://h.test/2"));
  EXPECT_EQ(route.header_lines(), at_home);
}

HeaderBlock block_of(std::initializer_list<const char*> lines) {
  HeaderBlock block(1000);
  for (const char* line : lines) EXPECT_TRUE(block.add(line));
  return block;
}

TEST(HeaderBlock, folded_lines_are_joined_and_odd_ones_skipped) {
  const auto block = block_of({"HTTP/1.1 200 OK\r\n", "A: one\r\n", "\t two\r\n", "no colon\r\n", ": no name\r\n", "B:\r\n", "\r\n"});
  ASSERT_EQ(block.headers().size(), 2u);
  EXPECT_EQ(block.value("a"), "one two");
  EXPECT_TRUE(block.is_complete());
}

TEST(HeaderBlock, only_the_last_answer_counts) {
  const auto block = block_of({"HTTP/1.1 100 Continue\r\n", "A: 1\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "B: 2\r\n", "\r\n", "C: 3\r\n"});
  EXPECT_EQ(block.value("a"), "");
  EXPECT_EQ(block.value("b"), "2");
  EXPECT_EQ(block.value("c"), "");
}

TEST(HeaderBlock, codings_are_counted_over_all_lines) {
  EXPECT_EQ(block_of({"Content-Encoding: gzip\r\n"}).codings(), 1u);
  EXPECT_EQ(block_of({"Content-Encoding: identity\r\n", "Transfer-Encoding: chunked\r\n"}).codings(), 0u);
  EXPECT_EQ(block_of({"Content-Encoding: gzip\r\n", "content-encoding: br\r\n"}).codings(), 2u);
  EXPECT_EQ(block_of({"Transfer-Encoding: gzip, chunked\r\n", "Content-Encoding: gzip,,\r\n"}).codings(), 2u);
}

TEST(HeaderBlock, bytes_of_interim_answers_count_as_well) {
  HeaderBlock block(100);
  bool within = true;
  for (int i = 0; i < 10 && within; ++i) within = block.add("HTTP/1.1 103 Early\r\n") && block.add("\r\n");
  EXPECT_FALSE(within);
}

TEST(BodyLimits, each_bound_is_told_by_itself) {
  const BodyLimits limits{1000, 500, 10, 200};
  EXPECT_FALSE(limits.breach(1000, 500, 0));
  EXPECT_NE(limits.breach(1001, 500, 0)->find("1000 bytes"), std::string::npos);
  EXPECT_NE(limits.breach(1000, 501, 0)->find("on the wire"), std::string::npos);
  EXPECT_FALSE(limits.breach(200, 1, 0));
  EXPECT_NE(limits.breach(220, 21, 0)->find("10 times"), std::string::npos);
  EXPECT_FALSE(limits.breach(220, 21, 1));
}

}  // namespace
}  // namespace tidings::http
