// Each way in which the network and the other side can fail is told apart, in words and by code.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "client_fixture.h"
#include "names.h"
#include "support/certificate.h"

namespace tidings::http {
namespace {

using test::HttpAnswer;
using test::HttpConnection;
using test::HttpRequest;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class FaultTest : public ClientTest {
 protected:
  Error error_at(const std::string& url) {
    Request request;
    request.url = url;
    return error_of(fetch(std::move(request)));
  }
  void handle_raw(const std::string& path, std::string bytes) {
    server_.handle(path, [bytes = std::move(bytes)](const HttpRequest&, HttpConnection& connection) {
      connection.raw(bytes);
      connection.close();
    });
  }
};

TEST_F(FaultTest, a_name_that_does_not_exist) {
  const auto error = error_at("http://user:pw@nowhere.test/feed?key=secret");
  EXPECT_EQ(error.code(), Errc::network);
  EXPECT_EQ(error.message(), "http://nowhere.test/feed?...: the name nowhere.test cannot be resolved");
}

TEST_F(FaultTest, a_refused_connection) {
  const std::string gone = test::HttpServer().url("/feed");
  const auto error = error_at(gone);
  EXPECT_EQ(error.code(), Errc::network);
  EXPECT_THAT(error.message(), HasSubstr("127.0.0.1 refuses the connection"));
}

TEST_F(FaultTest, a_reset_before_and_in_the_answer) {
  server_.handle("/before", [](const HttpRequest&, HttpConnection& connection) { connection.reset(); });
  server_.handle("/amid", [](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    connection.reset();
  });
  for (const char* path : {"/before", "/amid"}) {
    const auto error = error_of(get(path));
    EXPECT_THAT(error.message(), ::testing::AnyOf(HasSubstr("broke the connection off"), HasSubstr("cut short"))) << path;
  }
}

TEST_F(FaultTest, a_connection_closed_without_an_answer) {
  handle_raw("/feed", "");
  const auto error = error_of(get("/feed"));
  EXPECT_EQ(error.code(), Errc::network);
  EXPECT_THAT(error.message(), HasSubstr("closed the connection without an answer"));
}

TEST_F(FaultTest, a_body_cut_short) {
  handle_raw("/stated", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
  handle_raw("/chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n");
  for (const char* path : {"/stated", "/chunked"}) {
    const auto error = error_of(get(path));
    EXPECT_EQ(error.code(), Errc::protocol) << path;
    EXPECT_THAT(error.message(), HasSubstr("cut short after 9 bytes")) << path;
  }
}

TEST_F(FaultTest, an_answer_that_is_not_http) {
  handle_raw("/feed", "220 mail.example.org ESMTP ready\r\n");
  const auto error = error_of(get("/feed"));
  EXPECT_EQ(error.code(), Errc::protocol);
  EXPECT_THAT(error.message(), HasSubstr("does not answer in HTTP"));
}

TEST_F(FaultTest, a_certificate_that_nobody_vouches_for) {
  test::HttpServer secure(test::make_certificate("127.0.0.1"));
  const auto error = error_at(secure.url("/feed"));
  EXPECT_EQ(error.code(), Errc::network);
  EXPECT_THAT(error.message(), AllOf(HasSubstr("TLS with 127.0.0.1 failed"), HasSubstr("self-signed certificate")));
}

class TrustedTest : public FaultTest {
 protected:
  void trust(const test::Certificate& certificate) {
    path_ = ::testing::TempDir() + "/authority-" + std::to_string(::getpid()) + ".pem";
    std::ofstream(path_) << certificate.pem;
    options_.ca_file = path_;
  }
  ~TrustedTest() override { std::filesystem::remove(path_); }
  std::string path_;
};

TEST_F(TrustedTest, a_certificate_of_a_known_authority_is_good) {
  const auto certificate = test::make_certificate("127.0.0.1");
  test::HttpServer secure(certificate);
  secure.answer("/feed", HttpAnswer());
  trust(certificate);
  Request request;
  request.url = secure.url("/feed");
  const auto response = fetch(request);
  ASSERT_TRUE(response) << response.error().message();
  EXPECT_GT(response->timings.tls.count(), 0);
}

TEST_F(TrustedTest, a_certificate_of_another_host) {
  const auto certificate = test::make_certificate("example.org");
  test::HttpServer secure(certificate);
  trust(certificate);
  EXPECT_THAT(error_at(secure.url("/feed")).message(), HasSubstr("TLS with 127.0.0.1 failed"));
}

TEST_F(TrustedTest, a_certificate_that_has_expired) {
  const auto certificate = test::make_certificate("127.0.0.1", -10);
  test::HttpServer secure(certificate);
  trust(certificate);
  EXPECT_THAT(error_at(secure.url("/feed")).message(), HasSubstr("expired"));
}

TEST_F(FaultTest, tls_to_a_server_that_speaks_none) {
  std::string url = server_.url("/feed");
  url.replace(0, 4, "https");
  EXPECT_THAT(error_at(url).message(), HasSubstr("TLS with 127.0.0.1 failed"));
}

TEST_F(FaultTest, a_server_that_never_answers) {
  options_.timeout = Millis(50);
  server_.handle("/feed", [](const HttpRequest&, HttpConnection& connection) { connection.wait_closed(); });
  const auto error = error_of(get("/feed"));
  EXPECT_EQ(error.code(), Errc::timeout);
  EXPECT_THAT(error.message(), HasSubstr("no answer within 0.05 s, stuck while waiting for the answer"));
}

TEST_F(FaultTest, a_body_that_never_ends) {
  server_.handle("/feed", [](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    connection.drip(std::string(900, 'x'), 1, Millis(5));
    connection.wait_closed();
  });
  Request request;
  request.url = server_.url("/feed");
  request.timeout = Millis(200);
  const auto error = error_of(fetch(request));
  EXPECT_EQ(error.code(), Errc::timeout);
  EXPECT_THAT(error.message(), HasSubstr("reading the answer"));
}

TEST_F(FaultTest, a_server_that_drips) {
  options_.low_speed_bytes_per_second = 1000;
  options_.low_speed_time = Seconds(1);
  server_.handle("/feed", [](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    connection.drip(std::string(100'000, 'x'), 1, Millis(20));
  });
  const auto error = error_of(get("/feed"));
  EXPECT_EQ(error.code(), Errc::timeout);
  EXPECT_THAT(error.message(), HasSubstr("less than 1000 bytes a second for 1 s"));
}

TEST_F(FaultTest, a_name_server_that_does_not_answer_delays_nobody) {
  test::set_slow_name("slow.test");
  options_.timeout = Millis(50);
  const auto began = std::chrono::steady_clock::now();
  const auto error = error_at("http://slow.test/feed");
  EXPECT_EQ(error.code(), Errc::timeout);
  EXPECT_THAT(error.message(), HasSubstr("looking up the name"));
  run(context_, client().stop(Millis(0)));
  client_.reset();
  // The lookup still blocks: it was given up, not waited for.
  test::wait_for_slow_lookups(1);
  test::release_names();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST_F(FaultTest, a_connect_that_takes_too_long) {
  test::set_slow_name("slow.test");
  options_.connect_timeout = Millis(50);
  const auto error = error_at("http://slow.test/feed");
  test::release_names();
  EXPECT_EQ(error.code(), Errc::timeout);
  EXPECT_THAT(error.message(), HasSubstr("no connection to slow.test within 0.05 s"));
}

TEST_F(FaultTest, a_url_that_is_none) {
  for (const char* url : {"", "http://", "not a url", "http://ho st/", "http://h:99999/", "http://[::1/", "//host/"}) {
    EXPECT_EQ(error_at(url).code(), Errc::invalid) << url;
  }
  EXPECT_EQ(error_at("ftp://example.org/x").code(), Errc::refused);
  EXPECT_EQ(error_at("file:///etc/passwd").code(), Errc::refused);
}

// Private addresses: each way by which a request could come to one.

class GuardTest : public FaultTest {
 protected:
  GuardTest() {
    options_.allow_private = false;
    options_.allowed_ports = {};
    server_.answer("/feed", HttpAnswer());
  }
};

TEST_F(GuardTest, a_private_address_is_refused) {
  const auto error = error_of(get("/feed"));
  EXPECT_EQ(error.code(), Errc::refused);
  EXPECT_THAT(error.message(), AllOf(HasSubstr("127.0.0.1 is not public"), HasSubstr("allow_private")));
}

TEST_F(GuardTest, a_name_that_leads_to_a_private_address_is_refused) {
  test::set_name("rebound.test", {"127.0.0.1"});
  test::set_name("mapped.test", {"::ffff:127.0.0.1"});
  for (const char* host : {"rebound.test", "mapped.test"}) {
    const auto error = error_at(server_.url("/feed", host));
    EXPECT_EQ(error.code(), Errc::refused) << error.message();
    EXPECT_THAT(error.message(), HasSubstr("its address is not public"));
  }
  EXPECT_EQ(server_.connections(), 0u);
}

TEST_F(GuardTest, a_source_may_be_allowed_what_others_are_not) {
  Request request;
  request.url = server_.url("/feed");
  request.allow_private = true;
  EXPECT_TRUE(fetch(request));
}

TEST_F(GuardTest, a_connection_of_an_allowed_source_is_not_used_by_others) {
  test::set_name("shared.test", {"127.0.0.1"});
  Request request;
  request.url = server_.url("/feed", "shared.test");
  request.allow_private = true;
  ASSERT_TRUE(fetch(request));
  request.allow_private = false;
  const auto error = error_of(fetch(request));
  EXPECT_EQ(error.code(), Errc::refused);
  EXPECT_EQ(server_.requests("/feed"), 1u);
}

TEST_F(GuardTest, a_port_that_is_not_allowed_is_refused) {
  options_.allowed_ports = {80, 443};
  const auto error = error_at("http://203.0.114.1:6379/");
  EXPECT_EQ(error.code(), Errc::refused);
  EXPECT_THAT(error.message(), HasSubstr("port 6379"));
}

TEST_F(GuardTest, the_environment_names_no_proxy) {
  ::setenv("http_proxy", server_.url("").c_str(), 1);
  const auto error = error_at("http://nowhere.test/feed");
  ::unsetenv("http_proxy");
  EXPECT_THAT(error.message(), HasSubstr("cannot be resolved"));
}

TEST_F(GuardTest, a_proxy_of_the_options_may_be_private_but_its_targets_may_not) {
  options_.proxy = server_.url("");
  EXPECT_EQ(error_at("http://127.0.0.1/feed").code(), Errc::refused);
  EXPECT_EQ(error_at("http://localhost/feed").code(), Errc::refused);
  server_.handle("http://public.test/feed", [](const HttpRequest&, HttpConnection& connection) {
    connection.send(HttpAnswer());
  });
  Request request;
  request.url = "http://public.test/feed";
  EXPECT_EQ(fetch(request)->status, 200);
}

}  // namespace
}  // namespace tidings::http
