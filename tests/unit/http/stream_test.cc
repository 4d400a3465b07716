#include <gmock/gmock.h>

#include <atomic>
#include <memory>

#include "client_fixture.h"
#include "http/sse.h"

namespace tidings::http {
namespace {

using test::HttpConnection;
using test::HttpRequest;
using ::testing::HasSubstr;

constexpr std::string_view kStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

class StreamTest : public ClientTest {
 protected:
  Result<Stream> open(const std::string& path) {
    Request request;
    request.url = server_.url(path);
    return run(context_, client().open(std::move(request)));
  }
  Result<std::string> read(Stream& stream) { return run(context_, stream.read()); }
};

TEST_F(StreamTest, events_are_read_as_they_come) {
  test::Gate gate(server_);
  server_.handle("/events", [&](const HttpRequest&, HttpConnection& connection) {
    connection.raw(kStreamHead);
    connection.chunk("data: first\n\n");
    gate.wait();
    connection.chunk("data: second\n\n");
    connection.chunk("");
  });
  auto stream = open("/events");
  ASSERT_TRUE(stream) << stream.error().message();
  EXPECT_EQ(stream->head().status, 200);
  EXPECT_EQ(stream->head().header("content-type"), "text/event-stream");
  SseReader reader(1000);
  EXPECT_EQ(reader.read(*read(*stream))->at(0).data, "first");
  gate.open();
  EXPECT_EQ(reader.read(*read(*stream))->at(0).data, "second");
  EXPECT_EQ(*read(*stream), "");
  EXPECT_EQ(*read(*stream), "");
}

TEST_F(StreamTest, headers_alone_open_it) {
  server_.handle("/events", [&](const HttpRequest&, HttpConnection& connection) {
    connection.raw("HTTP/1.1 103 Early\r\n\r\n");
    connection.raw(kStreamHead);
    connection.wait_closed();
  });
  auto stream = open("/events");
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->head().status, 200);
}

TEST_F(StreamTest, a_redirect_is_followed_and_an_error_status_is_an_answer) {
  server_.answer("/a", {302, "", {{"Location", "/missing"}}});
  auto stream = open("/a");
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->head().status, 404);
  EXPECT_EQ(stream->head().redirects.size(), 1u);
  EXPECT_EQ(*read(*stream), "");
}

TEST_F(StreamTest, an_unread_stream_stops_the_sender) {
  constexpr std::size_t kChunk = 64 << 10;
  constexpr std::size_t kChunks = 1024;
  std::atomic<std::size_t> sent = 0;
  server_.handle("/events", [&](const HttpRequest&, HttpConnection& connection) {
    connection.raw(kStreamHead);
    const std::string chunk(kChunk, 'x');
    for (std::size_t i = 0; i < kChunks; ++i) {
      connection.chunk(chunk);
      sent += chunk.size();
    }
    connection.chunk("");
  });
  auto stream = open("/events");
  ASSERT_TRUE(stream);
  // However long the loop runs, what was sent stays at what the buffers hold.
  std::size_t before = 1;
  while (sent != before) {
    before = sent;
    context_.restart();
    context_.run_for(Millis(100));
  }
  EXPECT_LT(sent, kChunk * kChunks);
  std::size_t received = 0;
  std::size_t largest = 0;
  for (;;) {
    auto chunk = read(*stream);
    ASSERT_TRUE(chunk) << chunk.error().message();
    if (chunk->empty()) break;
    EXPECT_EQ(chunk->find_first_not_of('x'), std::string::npos);
    received += chunk->size();
    largest = std::max(largest, chunk->size());
  }
  EXPECT_EQ(received, kChunk * kChunks);
  EXPECT_LE(largest, options_.stream_buffer_bytes + (64 << 10));
}

TEST_F(StreamTest, what_came_before_a_break_is_read_first) {
  server_.handle("/events", [&](const HttpRequest&, HttpConnection& connection) {
    connection.raw(kStreamHead);
    connection.chunk("data: a\n\n");
    connection.close();
  });
  auto stream = open("/events");
  ASSERT_TRUE(stream);
  EXPECT_EQ(*read(*stream), "data: a\n\n");
  const auto end = read(*stream);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code(), Errc::protocol);
}

TEST_F(StreamTest, silence_has_a_bound) {
  options_.stream_idle_timeout = Seconds(0);
  server_.handle("/events", [&](const HttpRequest&, HttpConnection& connection) {
    connection.raw(kStreamHead);
    connection.wait_closed();
  });
  auto stream = open("/events");
  ASSERT_TRUE(stream);
  const auto silence = read(*stream);
  ASSERT_FALSE(silence);
  EXPECT_EQ(silence.error().code(), Errc::timeout);
  EXPECT_THAT(silence.error().message(), HasSubstr("said nothing"));
}

TEST_F(StreamTest, stop_ends_a_read) {
  server_.handle("/events", [&](const HttpRequest&, HttpConnection& connection) {
    connection.raw(kStreamHead);
    connection.wait_closed();
  });
  auto stream = open("/events");
  ASSERT_TRUE(stream);
  std::optional<Result<std::string>> result;
  asio::co_spawn(context_, stream->read(), [&](std::exception_ptr, Result<std::string> r) { result.emplace(std::move(r)); });
  run(context_, client().stop(Millis(0)));
  while (!result) context_.run_one();
  EXPECT_EQ(result->error().code(), Errc::cancelled);
  EXPECT_EQ(read(*stream).error().code(), Errc::cancelled);
}

}  // namespace
}  // namespace tidings::http
