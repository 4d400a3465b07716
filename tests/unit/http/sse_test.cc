#include "http/sse.h"

#include <gtest/gtest.h>

namespace tidings::http {
namespace {

using Events = std::vector<SseEvent>;

Events events_of(std::string_view stream) {
  SseReader reader(1 << 20);
  auto events = reader.read(stream);
  EXPECT_TRUE(events);
  return events ? *events : Events();
}

Events one(std::string data, std::string type = "message", std::string id = "") {
  return {{std::move(type), std::move(data), std::move(id)}};
}

TEST(Sse, data_lines_are_joined) {
  EXPECT_EQ(events_of("data: YHOO\ndata: +2\ndata: 10\n\n"), one("YHOO\n+2\n10"));
}

TEST(Sse, one_space_after_the_colon_is_no_part_of_the_value) {
  EXPECT_EQ(events_of("data:a\n\n"), one("a"));
  EXPECT_EQ(events_of("data:  a\n\n"), one(" a"));
}

TEST(Sse, all_line_ends_are_known) {
  for (const char* stream : {"data: a\ndata: b\n\n", "data: a\r\ndata: b\r\n\r\n", "data: a\rdata: b\r\r", "data: a\r\ndata: b\n\r"}) {
    EXPECT_EQ(events_of(stream), one("a\nb"));
  }
}

TEST(Sse, comments_and_unknown_fields_are_skipped) {
  EXPECT_TRUE(events_of(": ping\n\n:\n\nfoo: bar\n\n").empty());
  EXPECT_EQ(events_of(":x\nDATA: no\ndata: yes\n\n"), one("yes"));
}

TEST(Sse, an_event_without_data_is_none_but_keeps_its_id) {
  SseReader reader(100);
  EXPECT_TRUE(reader.read("event: x\nid: 3\n\n")->empty());
  EXPECT_EQ(reader.last_event_id(), "3");
  EXPECT_EQ(*reader.read("data: a\n\n"), one("a", "message", "3"));
}

TEST(Sse, fields_without_colon_are_empty) {
  EXPECT_EQ(events_of("data\n\n"), one(""));
  EXPECT_EQ(events_of("data\ndata\n\n"), one("\n"));
  EXPECT_EQ(events_of("id: 1\ndata: a\n\nid\ndata: b\n\n").at(1).id, "");
}

TEST(Sse, type_and_id) {
  EXPECT_EQ(events_of("event: add\nid: 12\ndata: a\n\n"), one("a", "add", "12"));
  EXPECT_EQ(events_of("event: add\ndata: a\n\ndata: b\n\n").at(1).type, "message");
}

TEST(Sse, an_id_with_nul_is_ignored) {
  EXPECT_EQ(events_of(std::string_view("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", 32)).at(1).id, "1");
}

TEST(Sse, an_id_counts_only_when_its_event_ended) {
  SseReader reader(100);
  ASSERT_TRUE(reader.read("id: 1\ndata: a\n"));
  EXPECT_EQ(reader.last_event_id(), "");
  ASSERT_TRUE(reader.read("\n"));
  EXPECT_EQ(reader.last_event_id(), "1");
}

TEST(Sse, retry_is_digits_only_and_bounded) {
  const auto retry_of = [](std::string_view stream) {
    SseReader reader(100);
    EXPECT_TRUE(reader.read(stream));
    return reader.retry();
  };
  EXPECT_EQ(retry_of("retry: 1500\n"), Millis(1500));
  EXPECT_EQ(retry_of("retry: 99999999999999999999999\n"), Millis(86'400'000));
  for (const char* bad : {"retry: 1s\n", "retry: -1\n", "retry:\n", "retry: 1.5\n"}) EXPECT_EQ(retry_of(bad), std::nullopt);
}

TEST(Sse, a_byte_order_mark_is_dropped_at_the_start_alone) {
  EXPECT_EQ(events_of("\xEF\xBB\xBF" "data: a\n\n"), one("a"));
  EXPECT_TRUE(events_of("\n\xEF\xBB\xBF" "data: a\n\n").empty());
}

TEST(Sse, broken_utf8_is_repaired) { EXPECT_EQ(events_of("data: a\xFF" "b\n\n"), one("a\xEF\xBF\xBD" "b")); }

TEST(Sse, an_event_cut_short_is_dropped) { EXPECT_TRUE(events_of("data: a\n").empty()); }

TEST(Sse, cuts_do_not_matter) {
  const std::string_view stream = "\xEF\xBB\xBFid: 1\r\ndata: a\r\n\r\n: c\rdata: b\r\r\nretry: 5\n\n";
  const auto whole = events_of(stream);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    SseReader reader(100);
    auto events = *reader.read(stream.substr(0, cut));
    const auto rest = *reader.read(stream.substr(cut));
    events.insert(events.end(), rest.begin(), rest.end());
    EXPECT_EQ(events, whole) << cut;
  }
}

TEST(Sse, an_endless_event_is_an_error) {
  SseReader line(100);
  EXPECT_EQ(line.read("data: " + std::string(100, 'x')).error().code(), Errc::too_large);
  SseReader lines(100);
  std::string many;
  for (int i = 0; i < 50; ++i) many += "data: xxxx\n";
  EXPECT_EQ(lines.read(many).error().code(), Errc::too_large);
}

}  // namespace
}  // namespace tidings::http
