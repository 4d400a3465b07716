#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "cli/lint.h"
#include "cli/parse_document.h"
#include "cli/parse_json.h"
#include "cli/parse_text.h"

namespace tidings::cli {
namespace {

constexpr Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);

Parsed parsed(std::string_view bytes, std::string_view content_type = {}) {
  ParseInput input;
  input.body = PaddedBytes(bytes);
  input.url = "http://news.test/feed.xml";
  if (!content_type.empty()) input.headers.push_back({"content-type", std::string(content_type)});
  return parse_document(input);
}

Parsed linted(std::string_view bytes) {
  Parsed out = parsed(bytes);
  for (model::Warning& w : lint(out.document, kNow)) out.document.warnings.push_back(std::move(w));
  sort_by_line(out.document.warnings);
  return out;
}

const model::Warning* find(const Parsed& p, std::string_view code) {
  const auto& all = p.document.warnings;
  const auto found = std::find_if(all.begin(), all.end(), [&](const model::Warning& w) { return w.code == code; });
  return found == all.end() ? nullptr : &*found;
}

::testing::AssertionResult says(const Parsed& p, std::string_view code, std::uint32_t line) {
  const model::Warning* w = find(p, code);
  if (w == nullptr) return ::testing::AssertionFailure() << "nothing is said of " << code;
  if (w->line != line) return ::testing::AssertionFailure() << code << " is told of line " << w->line;
  return ::testing::AssertionSuccess();
}

TEST(Parse, reads_what_each_plugin_reads) {
  EXPECT_EQ(parsed("<rss><channel><item><title>x</title></item></channel></rss>").plugin, "feed");
  EXPECT_EQ(parsed("\xEF\xBB\xBF {\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[]}").plugin, "json");
}

TEST(Parse, says_why_nothing_reads_a_page) {
  const Parsed page = parsed("<!DOCTYPE html><html><p>Hello<br>there</html>");
  EXPECT_EQ(page.plugin, "");
  ASSERT_TRUE(find(page, "not-a-feed"));
  EXPECT_EQ(find(page, "not-a-feed")->message, "this is an HTML page, not a feed");
  EXPECT_FALSE(find(page, "unclosed-element"));
}

constexpr std::string_view kSloppy = R"(<!-- made by hand --><?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>News & views</title>
<item><title>One&nbsp;day</title><guid>1</guid><pubDate>some day</pubDate></item>
<item><title>Two</title><guid>1</guid><pubDate>Tue, 01 Dec 2099 10:00:00 GMT</pubDate>
<enclosure url="/a.mp3" length="long"/></item>
<item><x:y/></item>
</channel></rss>
<script>1</script>)";

TEST(Lint, names_each_thing_with_its_line) {
  const Parsed p = linted(kSloppy);
  EXPECT_TRUE(says(p, "encoding", 0));
  EXPECT_TRUE(says(p, "late-declaration", 1));
  EXPECT_TRUE(says(p, "bare-ampersand", 2));
  EXPECT_TRUE(says(p, "undeclared-entity", 3));
  EXPECT_TRUE(says(p, "date-not-understood", 3));
  EXPECT_TRUE(says(p, "duplicate-id", 4));
  EXPECT_TRUE(says(p, "date-in-future", 4));
  EXPECT_TRUE(says(p, "enclosure-length", 4));
  EXPECT_TRUE(says(p, "enclosure-type", 4));
  EXPECT_TRUE(says(p, "no-id", 6));
  EXPECT_TRUE(says(p, "empty-entry", 6));
  EXPECT_TRUE(says(p, "undeclared-prefix", 6));
  EXPECT_TRUE(says(p, "junk-after", 8));
  EXPECT_TRUE(says(p, "no-feed-link", 0));
  EXPECT_TRUE(says(p, "no-feed-description", 0));
}

TEST(Lint, has_nothing_against_a_good_feed) {
  const Parsed p = linted(R"(<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>T</title><id>urn:x:1</id><updated>2026-11-01T10:00:00Z</updated>
<link rel="self" href="http://news.test/feed.xml"/><author><name>A</name></author>
<entry><title>E &amp; F</title><id>urn:x:2</id><updated>2026-11-01T10:00:00+01:00</updated><link href="http://news.test/1"/></entry></feed>)");
  ASSERT_EQ(p.document.warnings.size(), 1U);
  EXPECT_EQ(p.document.warnings[0].code, "encoding");
}

TEST(Lint, asks_for_what_atom_asks_for) {
  const Parsed p = linted("<feed xmlns='http://www.w3.org/2005/Atom'>\n<entry><published>3 Nov 2026</published></entry></feed>");
  for (const char* code : {"no-feed-title", "no-feed-id", "no-feed-updated", "no-self-link"}) EXPECT_TRUE(says(p, code, 0));
  for (const char* code : {"no-id", "empty-entry", "no-entry-title", "no-entry-updated", "no-author", "date-form"}) {
    EXPECT_TRUE(says(p, code, 2));
  }
}

TEST(Lint, counts_what_comes_again) {
  const Parsed p = linted("<rss><channel><title>a & b & c</title><item><title>&eacute; &</title></item></channel></rss>");
  ASSERT_TRUE(find(p, "bare-ampersand"));
  EXPECT_NE(find(p, "bare-ampersand")->message.find("(3 times, this is the first)"), std::string::npos);
}

TEST(Lint, reads_for_people_as_compilers_write) {
  const std::string out = lint_text(linted(kSloppy), "feed.xml");
  EXPECT_NE(out.find("feed.xml: note: utf-8: the XML declaration says so [encoding]\n"), std::string::npos) << out;
  EXPECT_NE(out.find("feed.xml:3: warning: a date was not understood: 'some day' [date-not-understood]\n"), std::string::npos) << out;
  EXPECT_NE(out.find("feed.xml: rss 2.0, 3 entries, 14 warnings\n"), std::string::npos) << out;
}

TEST(Lint, reads_for_programs_as_json) {
  std::string out;
  write_json(linted(kSloppy), false, [&](std::string_view s) { out += s; });
  const auto value = json::parse(out);
  ASSERT_TRUE(value);
  EXPECT_FALSE(value->get_object().contains("items"));
  EXPECT_EQ(value->get_object().at("encoding").get_string(), "utf-8");
  EXPECT_NE(out.find(R"({"severity":"warning","line":4,"code":"duplicate-id","message":"an entry has the id of an earlier one: '1'"})"),
            std::string::npos)
      << out;
}

TEST(ParseJson, has_safe_html_and_plain_titles) {
  const Parsed p = parsed("<rss><channel><item><title>A &amp;lt;b&amp;gt; &lt;i>c&lt;/i></title><description>&lt;a href='/x' onclick='y'>z&lt;/a>"
                          "</description></item></channel></rss>");
  ASSERT_EQ(p.document.entries.size(), 1U);
  const json::object entry = entry_json(p.document.entries[0]);
  EXPECT_EQ(entry.at("title").get_string(), "A <b> c");
  EXPECT_EQ(entry.at("summary").get_string(), "<a href=\"http://news.test/x\">z</a>");
}

}  // namespace
}  // namespace tidings::cli
