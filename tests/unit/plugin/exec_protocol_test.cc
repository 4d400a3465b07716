#include "plugin/exec_protocol.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace tidings::plugin {
namespace {

using Lines = std::vector<std::string>;

TEST(LineSplitterTest, cuts_lines_across_reads) {
  LineSplitter splitter(100);
  EXPECT_EQ(splitter.add("one\ntw"), Lines{"one"});
  EXPECT_EQ(splitter.add("o\r\n\n\nthree"), Lines{"two"});
  EXPECT_EQ(splitter.rest(), "three");
  EXPECT_EQ(splitter.rest(), "");
}

TEST(LineSplitterTest, drops_and_counts_a_line_over_the_bound) {
  LineSplitter splitter(5);
  EXPECT_EQ(splitter.add("12345\n123456\nab"), (Lines{"12345"}));
  EXPECT_EQ(splitter.dropped(), 1u);
  EXPECT_EQ(splitter.add("cdefgh"), Lines{});
  EXPECT_EQ(splitter.add("ijk\nnext\n"), Lines{"next"});
  EXPECT_EQ(splitter.dropped(), 2u);
}

TEST(LineSplitterTest, keeps_no_more_than_the_bound_of_an_endless_line) {
  LineSplitter splitter(1000);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(splitter.add(std::string(500, 'x')).empty());
  EXPECT_EQ(splitter.dropped(), 1u);
  EXPECT_EQ(splitter.rest(), "");
}

TEST(ExecProtocolTest, asks_for_a_poll_in_one_line) {
  model::Source source;
  source.id = "mail";
  source.url = "https://news.test/";
  source.settings.edit().options = {{"run", R"(["/bin/true"])"}, {"settings", R"({"folder":"/var/mail","limit":5})"}};
  EXPECT_EQ(poll_line(source, "after \"7\"\n"),
            R"({"type":"poll","source":"mail","url":"https://news.test/","cursor":"after \"7\"\n","options":{"folder":"/var/mail","limit":5}})" "\n");
}

TEST(ExecProtocolTest, reads_an_item_with_every_field) {
  ExecReply reply;
  ASSERT_TRUE(reply.add(R"({"type":"feed","title":"Box","language":"en","home_page_url":"https://news.test/"})"));
  ASSERT_TRUE(reply.add(
      R"({"type":"item","id":"7","url":"https://news.test/7","title":"T","content_html":"<p>x","content_text":"x","summary":"s",)"
      R"("date_published":"2026-11-24T09:00:00Z","date_modified":1795510800,"authors":[{"name":"Ann","url":"u"},3],"tags":["a",1],)"
      R"("language":"de","image":"i","attachments":[{"url":"m","mime_type":"audio/mpeg","size_in_bytes":9}]})"));
  ASSERT_TRUE(reply.add(R"({"id":8,"title":"No type"})"));
  EXPECT_FALSE(reply.done());
  ASSERT_TRUE(reply.add(R"({"type":"done","cursor":"8"})"));
  EXPECT_TRUE(reply.done());
  const model::Document document = reply.take();
  EXPECT_EQ(document.feed.title.value, "Box");
  ASSERT_EQ(document.entries.size(), 2u);
  const model::Entry& entry = document.entries[0];
  EXPECT_EQ(entry.id, "7");
  EXPECT_EQ(entry.content.size(), 2u);
  EXPECT_EQ(entry.content[0].type, "html");
  EXPECT_EQ(to_micros(*entry.published.time), 1795510800'000000);
  EXPECT_EQ(entry.updated.raw, "1795510800");
  EXPECT_EQ(to_micros(*entry.updated.time), 1795510800'000000);
  EXPECT_EQ(entry.authors.size(), 1u);
  EXPECT_EQ(entry.categories.size(), 1u);
  EXPECT_EQ(entry.enclosures.at(0).length, 9);
  EXPECT_EQ(document.entries[1].id, "8");
  EXPECT_TRUE(document.has_cursor);
  EXPECT_EQ(document.cursor, "8");
}

TEST(ExecProtocolTest, a_done_line_without_a_cursor_keeps_the_last_one) {
  ExecReply reply;
  ASSERT_TRUE(reply.add(R"({"type":"done"})"));
  EXPECT_TRUE(reply.done());
  EXPECT_FALSE(reply.document().has_cursor);
}

TEST(ExecProtocolTest, says_which_line_is_not_understood) {
  ExecReply reply;
  EXPECT_EQ(reply.add("Traceback (most recent call last):").error().message(), "a line of its output is no JSON: Traceback (most recent call last):");
  EXPECT_EQ(reply.add("[1]").error().message(), "a line of its output is no JSON object: [1]");
  EXPECT_EQ(reply.add(R"({"type":"itme"})").error().message(), "a line of its output is of the unknown type 'itme'");
  EXPECT_LT(reply.add(std::string(100'000, 'x')).error().message().size(), 200u);
}

TEST(ExecProtocolTest, repairs_text_that_is_no_utf8) {
  ExecReply reply;
  ASSERT_TRUE(reply.add("{\"id\":\"1\",\"title\":\"Caf\xE9\"}"));
  EXPECT_EQ(reply.document().entries.at(0).title.value, "Caf\xEF\xBF\xBD");
}

TEST(ExecProtocolTest, holds_the_bound_on_items) {
  DocumentLimits limits;
  limits.max_entries = 1;
  ExecReply reply(limits);
  ASSERT_TRUE(reply.add(R"({"id":"1"})"));
  ASSERT_TRUE(reply.add(R"({"id":"2"})"));
  EXPECT_EQ(reply.document().entries.size(), 1u);
  EXPECT_TRUE(reply.document().partial);
}

TEST(ExecProtocolTest, a_line_on_standard_error_may_name_its_level) {
  EXPECT_EQ(log_line("E! gone").level, LogLevel::error);
  EXPECT_EQ(log_line("E! gone").text, "gone");
  EXPECT_EQ(log_line("W! slow").level, LogLevel::warning);
  EXPECT_EQ(log_line("D! tick").level, LogLevel::debug);
  EXPECT_EQ(log_line("I! fine").text, "fine");
  EXPECT_EQ(log_line("X! odd").text, "X! odd");
  EXPECT_EQ(log_line("E!").level, LogLevel::info);
}

}  // namespace
}  // namespace tidings::plugin
