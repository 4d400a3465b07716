#include "web/server.h"

#include <gmock/gmock.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "loop/timeout.h"
#include "web/api.h"

namespace tidings::web {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Task<Result<json::value>> sources() {
  json::array all;
  all.push_back(json::object{{"id", "wire"}});
  co_return json::value(std::move(all));
}

Task<Result<json::value>> source(std::string id) {
  if (id != "wire") co_return Error(Errc::not_found, "there is no source '" + id + "'");
  co_return json::value(json::object{{"id", id}});
}

Task<Result<json::value>> why(std::string id) {
  if (id != "wire") co_return Error(Errc::not_found, "there is no source '" + id + "'");
  co_return json::value(json::object{{"last_polls", json::array()}});
}

Facts facts() {
  Facts told;
  told.unhealthy = [] { return std::string(); };
  told.metrics = [] { return std::string("tidings_up 1\n"); };
  told.status = [] { return json::object(); };
  told.sources = sources;
  told.source = source;
  told.why = why;
  told.reload = [] { return Result<std::string>(Error(Errc::invalid, "tidings.toml:3: a mistake")); };
  return told;
}

Task<> stop(Server& server, loop::TaskScope& scope) {
  server.close();
  scope.stop();
  co_await scope.join();
}

// A server on its own loop thread for as long as the object lives.
class Running {
 public:
  explicit Running(Handler handler)
      : scope_(context_.get_executor(), Log()),
        stopper_(context_.get_executor(), Log()),
        server_(context_, scope_, on_any_port(), std::move(handler), Log()) {
    const auto listening = server_.listen();
    EXPECT_TRUE(listening.has_value());
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Running() {
    asio::post(context_, [this] { stopper_.spawn("stop", stop(server_, scope_)); });
    thread_.join();
  }

  // Sends the bytes on one connection, closes the sending half and returns all that comes back.
  std::string exchange(std::string_view bytes) {
    asio::io_context client;
    asio::ip::tcp::socket socket(client);
    socket.connect({asio::ip::make_address("127.0.0.1"), server_.port()});
    asio::write(socket, asio::buffer(bytes));
    socket.shutdown(asio::ip::tcp::socket::shutdown_send);
    std::string answer;
    error_code error;
    asio::read(socket, asio::dynamic_buffer(answer), error);
    return answer;
  }

 private:
  static Options on_any_port() {
    Options options;
    options.listen = "127.0.0.1:0";
    options.max_body_bytes = 1000;
    return options;
  }
  asio::io_context context_;
  loop::TaskScope scope_;
  loop::TaskScope stopper_;
  Server server_;
  std::thread thread_;
};

TEST(Server, answers_several_requests_on_one_connection) {
  Running running(api(facts()));
  const auto answer = running.exchange(
      "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nok\n"));
  EXPECT_THAT(answer, HasSubstr("tidings_up 1\n"));
}

TEST(Server, head_has_the_length_and_no_body) {
  Running running(api(facts()));
  const auto answer = running.exchange("HEAD /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Server, refuses_a_body_over_the_bound) {
  Running running(api(facts()));
  const auto answer = running.exchange("POST /api/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" +
                                       std::string(5000, 'x'));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
}

TEST(Server, outlives_garbage) {
  Running running(api(facts()));
  running.exchange(std::string("\x16\x03\x01\x02\x00garbage\r\n\r\n", 16));
  EXPECT_THAT(running.exchange("GET /healthz HTTP/1.0\r\n\r\n"), HasSubstr(" 200 OK"));
}

TEST(Api, knows_its_sources_and_says_which_it_does_not) {
  Running running(api(facts()));
  EXPECT_THAT(running.exchange("GET /api/sources HTTP/1.0\r\n\r\n"), HasSubstr(R"([{"id":"wire"}])"));
  EXPECT_THAT(running.exchange("GET /api/sources/wire HTTP/1.0\r\n\r\n"), HasSubstr(R"({"id":"wire"})"));
  EXPECT_THAT(running.exchange("GET /api/sources/none HTTP/1.0\r\n\r\n"), HasSubstr("there is no source 'none'"));
}

TEST(Api, a_bad_configuration_is_a_conflict_that_says_why) {
  Running running(api(facts()));
  const auto answer = running.exchange("POST /api/reload HTTP/1.0\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.0 409"));
  EXPECT_THAT(answer, HasSubstr("tidings.toml:3: a mistake"));
}

TEST(Api, a_web_page_may_not_reload) {
  Running running(api(facts()));
  EXPECT_THAT(running.exchange("POST /api/reload HTTP/1.0\r\nOrigin: https://example.org\r\n\r\n"),
              StartsWith("HTTP/1.0 403"));
}

TEST(Server, says_what_is_in_the_way_of_listening) {
  asio::io_context context;
  loop::TaskScope scope(context.get_executor(), Log());
  Options options;
  options.listen = "nonsense";
  Server server(context, scope, options, api(facts()), Log());
  EXPECT_EQ(server.listen().error().message(), "web.listen: 'nonsense' is neither host:port nor unix:/path");
}

}  // namespace
}  // namespace tidings::web
