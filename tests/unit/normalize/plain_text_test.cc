#include <gtest/gtest.h>

#include "normalize/html.h"

namespace tidings::normalize {
namespace {

TEST(PlainText, leaves_text_alone) {
  EXPECT_EQ(plain_text("Just  a\n headline "), "Just a headline");
  EXPECT_EQ(plain_text(""), "");
  EXPECT_EQ(plain_text("a\xC2\xA0 b\xE2\x80\x8B" "c\xC2\xAD" "d \xE2\x80\x9Cq\xE2\x80\x9D \xC2\xA9"), "a bcd \xE2\x80\x9Cq\xE2\x80\x9D \xC2\xA9");
}

TEST(PlainText, breaks_where_the_page_breaks) {
  EXPECT_EQ(plain_text("<h1>Head</h1><p>One\ntwo.</p><p>Three<br>four</p>five"), "Head\n\nOne two.\n\nThree\nfour\n\nfive");
  EXPECT_EQ(plain_text("<div>a</div><div><div>b</div></div>"), "a\nb");
  EXPECT_EQ(plain_text("a<br><br><br>b"), "a\n\nb");
  EXPECT_EQ(plain_text("<p></p><p> </p><p>a</p><p></p>"), "a");
}

TEST(PlainText, marks_lists) {
  EXPECT_EQ(plain_text("<p>x</p><ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>"), "x\n\n- a\n- b\n  1. c\n  2. d");
  EXPECT_EQ(plain_text("<ul><li></li><li><p>a</p></li></ul>"), "- a");
}

TEST(PlainText, sets_table_cells_apart) {
  EXPECT_EQ(plain_text("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"), "a\tb\n1\t2");
}

TEST(PlainText, decodes_references_once) {
  EXPECT_EQ(plain_text("AT&amp;T &lt;b&gt; &#8220;x&#8221; &#150; &euro;5 &eacute;&copy 1&nbsp;2 &amp;amp;"),
            "AT&T <b> \xE2\x80\x9Cx\xE2\x80\x9D \xE2\x80\x93 \xE2\x82\xAC" "5 \xC3\xA9\xC2\xA9 1 2 &amp;");
  EXPECT_EQ(plain_text("R&D & Q&A &unknown; &"), "R&D & Q&A &unknown; &");
  EXPECT_EQ(plain_text("&NotEqualTilde;"), "\xE2\x89\x82\xCC\xB8");  // a name that is not of HTML 4
}

TEST(PlainText, reads_nothing_that_is_not_shown) {
  EXPECT_EQ(plain_text("a<script>b</script><style>c</style><!-- d --><p hidden>e</p><p style='display:none'>f</p><select><option>g</select>"
                       "<noscript>h</noscript><title>i</title>j"),
            "aj");
}

TEST(PlainText, keeps_the_lines_of_preformatted_text) { EXPECT_EQ(plain_text("x<pre>\na\n  b  \n\nc</pre>"), "x\n\na\n  b\n\nc"); }

TEST(PlainText, makes_one_line_of_a_title) {
  EXPECT_EQ(plain_line("<p>One</p> <p>two &amp; <i>three</i></p>"), "One two & three");
}

TEST(PlainText, does_not_take_signs_for_tags) {
  EXPECT_EQ(plain_text("1 < 2 and 3 > 2 <3"), "1 < 2 and 3 > 2 <3");
}

TEST(LooksLikeHtml, wants_an_end_tag_a_void_element_or_a_reference) {
  for (const char* html : {"<p>x</p>", "a<br>b", "a<br/>b", "<img src=x>", "AT&amp;T", "&#8217;", "x</b>"}) EXPECT_TRUE(looks_like_html(html)) << html;
  for (const char* text : {"", "a < b", "R&D", "a <b c", "how the <b> tag works", "<3", "x <notatag/> y", "Q&A;", "&"}) EXPECT_FALSE(looks_like_html(text)) << text;
}

}  // namespace
}  // namespace tidings::normalize
