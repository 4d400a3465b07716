#include "http/client.h"

#include <gmock/gmock.h>

#include "client_fixture.h"

namespace tidings::http {
namespace {

using test::HttpAnswer;
using test::HttpConnection;
using test::HttpRequest;
using ::testing::HasSubstr;
using ::testing::Not;

HttpAnswer text(std::string body) {
  HttpAnswer answer;
  answer.body = std::move(body);
  return answer;
}

HttpAnswer redirect(int status, std::string to) {
  HttpAnswer answer;
  answer.status = status;
  answer.headers = {{"Location", std::move(to)}};
  answer.body = "moved";
  return answer;
}

TEST_F(ClientTest, gives_status_headers_body_and_timings) {
  HttpAnswer answer = text("<rss/>");
  answer.headers = {{"Content-Type", "application/rss+xml"}, {"ETag", "\"1\""}, {"X-Twice", "a"}, {"x-twice", "b"}};
  server_.answer("/feed", answer);
  const auto response = get("/feed?key=secret");
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body.view(), "<rss/>");
  EXPECT_EQ(response->wire_bytes, 6u);
  EXPECT_EQ(response->url, server_.url("/feed?key=secret"));
  EXPECT_EQ(response->header("content-TYPE"), "application/rss+xml");
  EXPECT_EQ(response->header("X-TWICE"), "a");
  EXPECT_EQ(response->header("absent"), "");
  EXPECT_TRUE(response->redirects.empty());
  EXPECT_FALSE(response->reused_connection);
  EXPECT_GT(response->timings.total.count(), 0);
  EXPECT_GE(response->timings.total, response->timings.first_byte);
  EXPECT_EQ(response->timings.tls.count(), 0);
}

TEST_F(ClientTest, the_body_has_readable_bytes_after_its_end) {
  server_.answer("/feed", text("{}"));
  const auto response = get("/feed");
  ASSERT_TRUE(response);
  for (std::size_t i = 0; i < PaddedBytes::kPadding; ++i) EXPECT_EQ(response->body.data()[2 + i], '\0');
}

TEST_F(ClientTest, says_who_it_is) {
  options_.user_agent = "tidings/9";
  options_.contact = "https://example.org/bot";
  server_.answer("/feed", text(""));
  ASSERT_TRUE(get("/feed"));
  const auto seen = server_.seen("/feed").at(0);
  EXPECT_EQ(seen.header("user-agent"), "tidings/9 (+https://example.org/bot)");
  EXPECT_THAT(std::string(seen.header("accept-encoding")), HasSubstr("gzip"));
}

TEST_F(ClientTest, connections_are_used_again) {
  server_.answer("/feed", text("x"));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(get("/feed"));
  EXPECT_EQ(server_.connections(), 1u);
  EXPECT_TRUE(get("/feed")->reused_connection);
}

TEST_F(ClientTest, validators_are_sent_and_304_has_its_headers) {
  server_.handle("/feed", [](const HttpRequest& request, HttpConnection& connection) {
    HttpAnswer answer;
    const bool same = request.header("If-None-Match") == "W/\"v1\"" &&
                      request.header("If-Modified-Since") == "Tue, 03 Mar 2026 10:00:00 GMT";
    answer.status = same ? 304 : 200;
    answer.headers = {{"ETag", "W/\"v1\""}, {"Cache-Control", "max-age=60"}};
    connection.send(answer);
  });
  Request request;
  request.url = server_.url("/feed");
  request.etag = "W/\"v1\"";
  request.last_modified = "Tue, 03 Mar 2026 10:00:00 GMT";
  for (int i = 0; i < 3; ++i) {
    const auto response = fetch(request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 304);
    EXPECT_TRUE(response->body.empty());
    EXPECT_EQ(response->header("cache-control"), "max-age=60");
  }
  EXPECT_EQ(server_.connections(), 1u);
}

TEST_F(ClientTest, a_304_that_claims_a_length_is_no_body) {
  HttpAnswer answer;
  answer.status = 304;
  answer.headers = {{"Content-Length", "99999999"}};
  server_.answer("/feed", answer);
  const auto response = get("/feed");
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->status, 304);
}

TEST_F(ClientTest, methods_headers_and_body_are_sent) {
  server_.handle("/hook", [](const HttpRequest& request, HttpConnection& connection) {
    connection.send(text(request.method + " " + std::string(request.header("X-Key")) + " " + request.body));
  });
  Request request;
  request.url = server_.url("/hook");
  request.method = "POST";
  request.headers = {{"X-Key", "k"}, {"X-Empty", ""}};
  request.body = std::string("a\0b", 3) + std::string(2 << 20, 'z');
  const auto response = fetch(request);
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body.view(), "POST k " + request.body);
  EXPECT_EQ(server_.seen("/hook").at(0).header("expect"), "");
  request.method = "PUT";
  request.body = "small";
  EXPECT_EQ(fetch(request)->body.view(), "PUT k small");
  request.method = "HEAD";
  const auto head = fetch(request);
  ASSERT_TRUE(head) << head.error().message();
  EXPECT_EQ(server_.seen("/hook").at(2).method, "HEAD");
}

TEST_F(ClientTest, a_header_cannot_smuggle_another) {
  Request request;
  request.url = server_.url("/feed");
  request.headers = {{"X", "a\r\nEvil: 1"}};
  EXPECT_EQ(error_of(fetch(request)).code(), Errc::invalid);
  request.headers = {{"X: y", "a"}};
  EXPECT_EQ(error_of(fetch(request)).code(), Errc::invalid);
  request.headers.clear();
  request.etag = "\"a\"\r\nEvil: 1";
  EXPECT_EQ(error_of(fetch(request)).code(), Errc::invalid);
  request.etag.clear();
  request.method = "GET /x HTTP/1.1\r\nEvil: 1";
  EXPECT_EQ(error_of(fetch(request)).code(), Errc::invalid);
  EXPECT_EQ(server_.requests(), 0u);
}

TEST_F(ClientTest, compressed_bodies_are_read) {
  const std::string body(100'000, 'n');
  HttpAnswer answer = text(test::gzip(body));
  answer.headers = {{"Content-Encoding", "gzip"}};
  server_.answer("/feed", answer);
  const auto response = get("/feed");
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body.view(), body);
  EXPECT_EQ(response->wire_bytes, answer.body.size());
}

TEST_F(ClientTest, interim_answers_and_trailers_are_no_headers) {
  server_.handle("/feed", [](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 103 Early Hints\r\nLink: early\r\n\r\n"
                   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n");
    connection.chunk("hello ");
    connection.chunk("world");
    connection.raw("0\r\nX-End: 1\r\n\r\n");
  });
  const auto response = get("/feed");
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body.view(), "hello world");
  EXPECT_EQ(response->header("link"), "");
  EXPECT_EQ(response->header("x-end"), "");
}

TEST_F(ClientTest, an_empty_answer_and_an_error_page_are_answers) {
  server_.answer("/empty", text(""));
  EXPECT_TRUE(get("/empty")->body.empty());
  HttpAnswer busy = text("later");
  busy.status = 429;
  busy.headers = {{"Retry-After", "120"}};
  server_.answer("/busy", busy);
  const auto response = get("/busy");
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->header("retry-after"), "120");
  EXPECT_EQ(response->body.view(), "later");
}

TEST_F(ClientTest, redirects_are_followed_and_reported) {
  server_.answer("/a", redirect(301, "/b"));
  server_.answer("/b", redirect(302, "c?x=1#part"));
  server_.answer("/c", text("here"));
  const auto response = get("/a");
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body.view(), "here");
  EXPECT_EQ(response->url, server_.url("/c?x=1"));
  ASSERT_EQ(response->redirects.size(), 2u);
  EXPECT_EQ(response->redirects[0].status, 301);
  EXPECT_EQ(response->redirects[0].from, server_.url("/a"));
  EXPECT_EQ(response->redirects[0].to, server_.url("/b"));
  EXPECT_EQ(response->redirects[1].status, 302);
  EXPECT_EQ(server_.connections(), 1u);
}

TEST_F(ClientTest, a_redirect_with_a_large_body_is_followed) {
  HttpAnswer large = redirect(301, "/b");
  large.body = std::string(1 << 20, 'r');
  server_.answer("/a", large);
  server_.answer("/b", text("here"));
  const auto response = get("/a");
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_EQ(response->body.view(), "here");
}

TEST_F(ClientTest, a_redirect_loop_is_told) {
  server_.answer("/a", redirect(302, "/b"));
  server_.answer("/b", redirect(302, "/a"));
  const auto error = error_of(get("/a?token=1"));
  EXPECT_EQ(error.code(), Errc::refused);
  EXPECT_THAT(error.message(), HasSubstr("in a loop"));
  EXPECT_THAT(error.message(), Not(HasSubstr("token")));
}

TEST_F(ClientTest, redirects_have_a_bound) {
  server_.handle("/more", [](const HttpRequest& request, HttpConnection& connection) {
    connection.send(redirect(302, "/more?n=" + std::to_string(request.number)));
  });
  const auto error = error_of(get("/more"));
  EXPECT_EQ(error.code(), Errc::refused);
  EXPECT_THAT(error.message(), HasSubstr("more than 5 times"));
  EXPECT_EQ(server_.requests("/more"), 6u);
}

TEST_F(ClientTest, with_no_redirects_allowed_the_3xx_is_the_answer) {
  server_.answer("/a", redirect(302, "/b"));
  Request request;
  request.url = server_.url("/a");
  request.max_redirects = 0;
  const auto response = fetch(request);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->body.view(), "moved");
}

TEST_F(ClientTest, credentials_and_own_headers_stay_at_their_origin) {
  test::HttpServer other;
  other.answer("/there", text("there"));
  server_.answer("/near", text("near"));
  server_.answer("/a", redirect(302, other.url("/there")));
  server_.answer("/b", redirect(302, "/near"));
  Request request;
  request.headers = {{"X-Api-Key", "k"}, {"Cookie", "c=1"}};
  request.etag = "\"e\"";
  const std::string authority = "user:p%40ss@127.0.0.1:" + std::to_string(server_.port());
  request.url = "http://" + authority + "/a";
  const auto away = fetch(request);
  ASSERT_TRUE(away) << away.error().message();
  EXPECT_EQ(server_.seen("/a").at(0).header("authorization"), "Basic dXNlcjpwQHNz");
  const auto there = other.seen("/there").at(0);
  EXPECT_EQ(there.header("authorization"), "");
  EXPECT_EQ(there.header("x-api-key"), "");
  EXPECT_EQ(there.header("cookie"), "");
  EXPECT_EQ(there.header("if-none-match"), "\"e\"");
  EXPECT_THAT(away->redirects.at(0).from, Not(HasSubstr("user")));

  request.url = "http://" + authority + "/b";
  ASSERT_TRUE(fetch(request));
  const auto near = server_.seen("/near").at(0);
  EXPECT_EQ(near.header("authorization"), "Basic dXNlcjpwQHNz");
  EXPECT_EQ(near.header("x-api-key"), "k");
}

TEST_F(ClientTest, a_redirect_to_another_scheme_is_refused) {
  for (const char* to : {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "ws://127.0.0.1/"}) {
    server_.answer("/a", redirect(302, to));
    EXPECT_EQ(error_of(get("/a")).code(), Errc::refused) << to;
  }
}

TEST_F(ClientTest, bodies_have_a_bound) {
  options_.max_body_bytes = 1000;
  server_.answer("/stated", text(std::string(1001, 'x')));
  server_.handle("/chunked", [](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 200; ++i) connection.chunk(std::string(100, 'x'));
    connection.chunk("");
  });
  server_.answer("/just", text(std::string(1000, 'x')));
  EXPECT_EQ(error_of(get("/stated")).code(), Errc::too_large);
  const auto error = error_of(get("/chunked"));
  EXPECT_EQ(error.code(), Errc::too_large);
  EXPECT_THAT(error.message(), HasSubstr("larger than 1000 bytes"));
  EXPECT_EQ(get("/just")->body.size(), 1000u);
}

TEST_F(ClientTest, a_twenty_megabyte_body_is_refused_before_it_is_read) {
  server_.answer("/large", text(std::string(20 << 20, 'x')));
  const auto error = error_of(get("/large"));
  EXPECT_EQ(error.code(), Errc::too_large);
  EXPECT_THAT(error.message(), HasSubstr("on the wire"));
}

TEST_F(ClientTest, compression_bombs_are_refused) {
  HttpAnswer bomb = text(test::gzip_bomb(64 << 20));
  bomb.headers = {{"Content-Encoding", "gzip"}};
  server_.answer("/bomb", bomb);
  server_.handle("/chunked", [body = bomb.body](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n");
    connection.chunk(body);
    connection.chunk("");
  });
  HttpAnswer twice = text(test::gzip(bomb.body));
  twice.headers = {{"Content-Encoding", "gzip, gzip"}};
  server_.answer("/twice", twice);
  for (const char* path : {"/bomb", "/chunked"}) {
    const auto error = error_of(get(path));
    EXPECT_EQ(error.code(), Errc::too_large) << path;
    EXPECT_THAT(error.message(), HasSubstr("compressed more than 100 times"));
  }
  EXPECT_EQ(error_of(get("/twice")).code(), Errc::refused);
}

TEST_F(ClientTest, a_well_compressed_body_below_the_slack_is_read) {
  HttpAnswer zeros = text(test::gzip_bomb(1 << 20));
  zeros.headers = {{"Content-Encoding", "gzip"}};
  server_.answer("/zeros", zeros);
  EXPECT_EQ(get("/zeros")->body.size(), 1u << 20);
}

TEST_F(ClientTest, broken_compression_is_told) {
  HttpAnswer broken = text("this is not gzip");
  broken.headers = {{"Content-Encoding", "gzip"}};
  server_.answer("/broken", broken);
  const auto error = error_of(get("/broken"));
  EXPECT_EQ(error.code(), Errc::protocol);
  EXPECT_THAT(error.message(), HasSubstr("compression"));
}

TEST_F(ClientTest, headers_have_a_bound) {
  server_.handle("/headers", [](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 5000; ++i) connection.raw("X-Flood: " + std::string(100, 'x') + "\r\n");
    connection.raw("Content-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(error_of(get("/headers")).code(), Errc::too_large);
}

TEST_F(ClientTest, metrics_count_answers_and_failures) {
  server_.answer("/feed", text("12345"));
  ASSERT_TRUE(get("/feed"));
  ASSERT_TRUE(get("/missing"));
  EXPECT_FALSE(get("/feed\n"));
  const std::string rendered = metrics_.render();
  EXPECT_THAT(rendered, HasSubstr("tidings_http_responses_total{class=\"2xx\"} 1"));
  EXPECT_THAT(rendered, HasSubstr("tidings_http_responses_total{class=\"4xx\"} 1"));
  EXPECT_THAT(rendered, HasSubstr("tidings_http_failures_total{cause=\"invalid\"} 1"));
  EXPECT_THAT(rendered, HasSubstr("tidings_http_body_bytes_total 5"));
  EXPECT_THAT(rendered, HasSubstr("tidings_http_connections_total 1"));
  EXPECT_THAT(rendered, HasSubstr("tidings_http_in_flight 0"));
}

}  // namespace
}  // namespace tidings::http
