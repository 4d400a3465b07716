#include <gtest/gtest.h>

#include "feed/markup.h"
#include "plugins/feed/read.h"

namespace tidings::feed::testing {
namespace {

TEST(Text, of_an_rss_title_is_html_only_where_it_looks_like_it) {
  EXPECT_EQ(read_item("<title>1 &lt; 2</title>").entry().title.type, "text");
  EXPECT_EQ(read_item("<title>1 &lt; 2</title>").entry().title.value, "1 < 2");
  EXPECT_EQ(read_item("<title>vector&lt;int&gt; &amp; co</title>").entry().title.type, "text");
  EXPECT_EQ(read_item("<title>AT&amp;amp;T</title>").entry().title.type, "html");
  EXPECT_EQ(read_item("<title>&lt;b&gt;Now&lt;/b&gt;</title>").entry().title.type, "html");
  EXPECT_EQ(read_item("<title><![CDATA[Now <em>here</em>]]></title>").entry().title.type, "html");
  EXPECT_EQ(read_item("<title>Naked <b>markup</b></title>").entry().title.value, "Naked <b>markup</b>");
}

TEST(Text, of_atom_is_what_its_type_says) {
  EXPECT_EQ(read_entry("<title>&lt;b&gt; tag</title>").entry().title.type, "text");
  EXPECT_EQ(read_entry("<title type='html'>&lt;b&gt;x&lt;/b&gt;</title>").entry().title.type, "html");
  const Outcome o = read_entry("<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>the &lt;blink&gt; <b>tag</b></div></title>");
  EXPECT_EQ(o.entry().title.value, "the &lt;blink&gt; <b>tag</b>");
}

TEST(Text, keeps_its_depth_of_escaping) {
  EXPECT_EQ(read_entry("<title>&amp;lt;</title>").entry().title.value, "&lt;");
  EXPECT_EQ(read_entry("<title><![CDATA[&lt;]]></title>").entry().title.value, "&lt;");
  EXPECT_EQ(read_entry("<title>&#38;lt;</title>").entry().title.value, "&lt;");
}

TEST(Text, knows_entities_that_nobody_declared) {
  EXPECT_EQ(read_item("<title>caf&eacute; &mdash; &nosuch; &amp; &copy</title>").entry().title.value, "café — &nosuch; & &copy");
}

TEST(Text, uses_declared_entities_and_those_in_their_values) {
  const Outcome o = read("<!DOCTYPE rss [<!ENTITY city \"Bergen\"><!ENTITY a \"&city;&city;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                         "<rss><channel><item><title>&city; &a; &x;</title></item></channel></rss>");
  EXPECT_EQ(o.entry().title.value, "Bergen BergenBergen &x;");
}

TEST(Text, does_not_let_entities_grow_without_bound) {
  std::string document = "<!DOCTYPE rss [<!ENTITY e0 \"0123456789\">";
  for (int i = 1; i < 9; ++i) {
    document += "<!ENTITY e" + std::to_string(i) + " \"";
    for (int k = 0; k < 10; ++k) document += "&e" + std::to_string(i - 1) + ";";
    document += "\">";
  }
  const Outcome o = read(document + "]><rss><channel><item><title>&e2;|&e8;</title></item></channel></rss>");
  const std::string& title = o.entry().title.value;
  EXPECT_EQ(title.find('|'), 1000U);
  EXPECT_LT(title.size(), 3000U);
}

TEST(Text, in_base64_is_decoded) {
  const Outcome o = read("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><content type='text/html' mode='base64'>"
                         "PGI+aGk8L2I+</content></entry></feed>");
  EXPECT_EQ(o.entry().content.at(0).value, "<b>hi</b>");
  EXPECT_EQ(o.entry().content.at(0).type, "html");
  EXPECT_EQ(decode_base64("!"), "");
  // Of bytes that are no text, what is written is what there is.
  EXPECT_EQ(read_entry("<title type='html' mode='base64'>/w==</title>").entry().title.value, "/w==");
}

TEST(Text, of_the_second_description_is_the_content) {
  const Outcome o = read_item("<description>short</description><summary>long</summary>");
  EXPECT_EQ(o.entry().summary.value, "short");
  EXPECT_EQ(o.entry().content.at(0).value, "long");
}

TEST(Language, is_inherited_and_can_be_taken_back) {
  const std::string start = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><entry>";
  EXPECT_EQ(read(start + "<title>t</title></entry></feed>").entry().language, "en");
  EXPECT_EQ(read(start + "<title xml:lang='pt_BR'>t</title></entry></feed>").entry().language, "pt-BR");
  EXPECT_EQ(read(start + "<title xml:lang=''>t</title></entry></feed>").entry().language, "");
  EXPECT_EQ(read("<rss><channel><item><title>t</title></item></channel></rss>", {.content_type = {}, .content_location = {}, .content_language = "fr, en"}).entry().language, "fr");
}

TEST(Url, is_absolute_against_the_nearest_base) {
  const Outcome o = read("<rss xml:base='http://b.test/x/'><channel><item><link>y</link></item></channel></rss>");
  EXPECT_EQ(o.entry().link, "http://b.test/x/y");
  const Outcome located = read("<rss><channel><item><link>y</link></item></channel></rss>", {.content_type = {}, .content_location = "/z/", .content_language = {}});
  EXPECT_EQ(located.entry().link, "http://news.test/z/y");
  const Outcome unsafe = read("<rss xml:base='javascript:alert(1)'><channel><item><link>y</link></item></channel></rss>");
  EXPECT_EQ(unsafe.entry().link, "http://news.test/y");
}

TEST(Url, that_runs_code_is_none) {
  EXPECT_EQ(read_item("<link>javascript:alert(1)</link>").entry().link, "");
  EXPECT_EQ(read_item("<link> java\tscript:alert(1)</link>").entry().link, "");
  EXPECT_EQ(read_item("<link>data:text/html,x</link>").entry().link, "");
}

TEST(Link, is_a_permalink_guid_where_there_is_no_other) {
  EXPECT_EQ(read_item("<guid>http://n.test/1</guid>").entry().link, "http://n.test/1");
  EXPECT_EQ(read_item("<guid>tag:n.test,1</guid>").entry().link, "");
  EXPECT_EQ(read_item("<guid isPermaLink='false'>http://n.test/1</guid>").entry().link, "");
}

TEST(Link, that_is_empty_is_the_base_even_when_the_base_is_out_of_force) {
  const Outcome o = read("<feed xmlns='http://www.w3.org/2005/Atom'><link rel='related' href='' xml:base='http://b.test/'/>"
                         "<title type='html' xml:base='http://c.test/' xml:lang='de'>&lt;b&gt;x&lt;/b&gt;</title>"
                         "<entry xml:base='http://d.test/'><title>e</title></entry><entry xml:base='http://e.test/'><title>e</title></entry></feed>");
  EXPECT_EQ(o.feed().links.at(0).href, "http://b.test/");
  EXPECT_EQ(o.feed().title.base, "http://c.test/");
  EXPECT_EQ(o.feed().title.language, "de");
}

TEST(Link, may_have_its_relation_as_a_uri) {
  EXPECT_EQ(read_entry("<link rel='http://www.iana.org/assignments/relation/alternate' href='/1'/>").entry().link, "http://news.test/1");
}

TEST(Link, of_a_page_wins_over_that_of_data) {
  EXPECT_EQ(read_entry("<link type='application/json' href='/j'/><link type='text/html' href='/h'/>").entry().link, "http://news.test/h");
}

TEST(Date, of_which_nothing_is_said_is_that_of_publication_too) {
  const Outcome plain = read_item("<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2004-01-01</dc:date>");
  EXPECT_TRUE(plain.entry().published.time);
  EXPECT_EQ(plain.entry().published.time, plain.entry().updated.time);
  const Outcome both = read_item("<dc:date xmlns:dc='http://purl.org/dc/elements/1.1/'>2004-01-02</dc:date><pubDate>1 Jan 2004</pubDate>");
  EXPECT_LT(both.entry().published.time, both.entry().updated.time);
}

TEST(Person, is_split_into_name_and_email) {
  for (const char* said : {"Ann Lee (a@b.test)", "a@b.test (Ann Lee)", "Ann Lee &lt;a@b.test&gt;", "a@b.test Ann Lee"}) {
    const Outcome o = read_item(std::string("<author>") + said + "</author>");
    EXPECT_EQ(o.entry().authors.at(0).name, "Ann Lee") << said;
    EXPECT_EQ(o.entry().authors.at(0).email, "a@b.test") << said;
  }
}

}  // namespace
}  // namespace tidings::feed::testing
