#include "feed/encoding.h"

#include <gtest/gtest.h>

#include "plugins/feed/read.h"

namespace tidings::feed::testing {
namespace {

std::string document(std::string_view encoding, std::string_view title) {
  return "<?xml version=\"1.0\" encoding=\"" + std::string(encoding) + "\"?><rss><channel><item><title>" + std::string(title) +
         "</title></item></channel></rss>";
}

std::string title_of(const Outcome& o) { return o.entry().title.value; }

Headers type(std::string value) { return {.content_type = std::move(value), .content_location = {}, .content_language = {}}; }

std::string wide(std::string_view ascii, bool little) {
  std::string out;
  for (const char c : ascii) {
    if (!little) out += '\0';
    out += c;
    if (little) out += '\0';
  }
  return out;
}

TEST(Encoding, is_the_declared_one) {
  EXPECT_EQ(title_of(read(document("iso-8859-1", "caf\xE9 \x93x\x94"))), "café “x”");
  EXPECT_EQ(title_of(read(document("koi8-r", "\xF0\xD2\xC9"))), "При");
  EXPECT_EQ(title_of(read(document("gb2312", "\xD0\xC2\x97\x6C"))), "新條");
  EXPECT_EQ(title_of(read(document("Shift_JIS", "\x93\xFA\x96\x7B"))), "日本");
}

TEST(Encoding, of_content_type_beats_the_declaration) {
  const Outcome o = read(document("koi8-r", "caf\xE9"), type("text/xml; charset=\"windows-1252\""));
  EXPECT_EQ(title_of(o), "café");
  EXPECT_EQ(o.feed().encoding, "windows-1252");
}

TEST(Encoding, of_a_byte_order_mark_beats_all) {
  const Outcome o = read("\xEF\xBB\xBF\xEF\xBB\xBF" + document("iso-8859-1", "é"), type("text/xml; charset=koi8-r"));
  EXPECT_EQ(title_of(o), "é");
  EXPECT_EQ(o.feed().encoding, "utf-8");
}

TEST(Encoding, of_wide_text_is_seen_without_a_mark) {
  EXPECT_EQ(title_of(read(wide(document("utf-16", "wide"), true))), "wide");
  EXPECT_EQ(title_of(read(wide(document("utf-16", "wide"), false))), "wide");
  EXPECT_EQ(title_of(read(document("utf-16", "not wide"))), "not wide");
}

TEST(Encoding, that_the_bytes_contradict_is_not_believed) {
  const Outcome o = read(document("utf-8", "caf\xE9 cr\xE8me"));
  EXPECT_EQ(title_of(o), "café crème");
  EXPECT_TRUE(o.warns_of("encoding-distrusted"));
  EXPECT_EQ(title_of(read(document("no-such-thing", "é"))), "é");
}

TEST(Encoding, utf_7_is_never_used) {
  EXPECT_EQ(title_of(read(document("utf-7", "+ADw-b+AD4-"), type("text/xml; charset=utf-7"))), "+ADw-b+AD4-");
}

TEST(Encoding, repairs_a_stray_byte_without_leaving_utf_8) {
  EXPECT_EQ(title_of(read(document("utf-8", "é è ü \xFF!"))), "é è ü \uFFFD!");
}

TEST(Encoding, twice_encoded_text_is_decoded_twice) {
  const Outcome o = read(document("utf-8", "caf\xC3\x83\xC2\xA9"));
  EXPECT_EQ(title_of(o), "café");
  EXPECT_TRUE(o.warns_of("double-encoded"));
}

TEST(Encoding, is_that_of_the_bytes_where_the_statement_lies) {
  const Outcome o = read(document("windows-1251", "съешь ещё"));
  EXPECT_EQ(title_of(o), "съешь ещё");
  EXPECT_EQ(o.feed().encoding, "utf-8");
  EXPECT_TRUE(o.warns_of("encoding-distrusted"));
}

TEST(Encoding, is_put_right_in_pieces_where_it_is_mixed) {
  const Outcome o = read("<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><title>S\xF8ren</title><item><title>Br\xC3\xB8ndby</title>"
                         "<description><![CDATA[s\xC3\xB8ndag]]></description></item></channel></rss>");
  EXPECT_EQ(o.feed().title.value, "Søren");
  EXPECT_EQ(o.entry().title.value, "Brøndby");
  EXPECT_EQ(o.entry().summary.value, "søndag");
}

TEST(Encoding, is_named_in_plain_ascii_whatever_the_header_says) {
  const Outcome o = read("<rss><channel><title>x</title></channel></rss>", {"text/xml; charset=\xCE\xFF\x01z", "", ""});
  EXPECT_TRUE(o.warns_of("encoding-distrusted"));
  for (const model::Warning& w : o.document.warnings) EXPECT_EQ(w.message.find('\xCE'), std::string::npos);
}

TEST(Encoding, of_surrogates_is_undone) {
  const Outcome o = read(document("utf-8", "\xED\xA0\xBD\xED\xB8\x80 x \xED\xA0\xBD y"));
  EXPECT_EQ(title_of(o), "😀 x \uFFFD y");
  EXPECT_TRUE(o.warns_of("invalid-bytes"));
  EXPECT_EQ(title_of(read(document("utf-8", "&#xD83D; &#xFFFF;"))), "\uFFFD \uFFFD");
}

TEST(Encoding, is_believed_where_the_document_is_cut_within_a_character) {
  const Outcome o = read("<?xml version='1.0' encoding='utf-8'?><rss><channel><title>T</title><item><title>One</title></item><item><title>caf\xC3");
  EXPECT_EQ(o.feed().encoding, "utf-8");
  EXPECT_EQ(o.document.entries.size(), 1U);
}

TEST(Encoding, leaves_out_control_characters) {
  const Outcome o = read(document("utf-8", std::string_view("a\0b\x01" "c\x7F", 6)));
  EXPECT_EQ(title_of(o), "abc\x7F");
  EXPECT_TRUE(o.warns_of("control-characters"));
}

TEST(Encoding, is_explained) {
  EXPECT_EQ(read(document("utf-8", "x")).warning("encoding").message, "utf-8: the XML declaration says so");
}

TEST(Charset, is_the_parameter_of_that_name) {
  EXPECT_EQ(charset_of("text/xml; charset=utf-8"), "utf-8");
  EXPECT_EQ(charset_of("text/xml;q=1; CHARSET = \"x y\" ; z"), "x y");
  EXPECT_EQ(charset_of("text/xml; charset=\""), "");
  EXPECT_EQ(charset_of("text/xml"), "");
}

}  // namespace
}  // namespace tidings::feed::testing
