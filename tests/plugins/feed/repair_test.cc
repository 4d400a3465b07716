#include <gtest/gtest.h>

#include "base/text.h"
#include "plugins/feed/read.h"

namespace tidings::feed::testing {
namespace {

TEST(Repair, reads_a_bare_ampersand_and_less_than_as_text) {
  const Outcome o = read_item("<title>Q&A: 3 < 4 & more</title><link>http://n.test/?a=1&b=2</link>");
  EXPECT_EQ(o.entry().title.value, "Q&A: 3 < 4 & more");
  EXPECT_EQ(o.entry().link, "http://n.test/?a=1&b=2");
  EXPECT_TRUE(o.warns_of("bare-less-than"));
}

TEST(Repair, ends_an_unclosed_element_where_the_next_one_begins) {
  const Outcome o = read("<rss><channel><title>F<link>http://n.test/</link><item><title>One<link>http://n.test/1</link>"
                         "<item><title>Two</title></item></channel></rss>");
  ASSERT_EQ(o.document.entries.size(), 2U);
  EXPECT_EQ(o.feed().title.value, "F");
  EXPECT_EQ(o.entry(0).title.value, "One");
  EXPECT_EQ(o.entry(0).link, "http://n.test/1");
  EXPECT_EQ(o.entry(1).title.value, "Two");
  EXPECT_TRUE(o.warns_of("unclosed-element"));
}

TEST(Repair, passes_over_end_tags_that_match_nothing) {
  const Outcome o = read_item("<title>T</b></title></p><description>D</description>");
  EXPECT_EQ(o.entry().title.value, "T");
  EXPECT_EQ(o.entry().summary.value, "D");
}

TEST(Repair, finds_the_feed_inside_of_other_things) {
  const Outcome o = read("Warning: include() failed in x.php<br /><html><body><rss><channel><item><title>In</title></item></channel></rss></body></html>");
  EXPECT_EQ(o.entry().title.value, "In");
}

TEST(Repair, leaves_out_the_entry_that_is_cut_and_says_so) {
  const Outcome o = read("<rss><channel><title>F</title>\n<item><title>Whole</title></item>\n<item><title>Cut in the mid");
  ASSERT_EQ(o.document.entries.size(), 1U);
  EXPECT_TRUE(o.document.partial);
  EXPECT_TRUE(o.warns_of("cut-entry"));
  EXPECT_EQ(o.warning("cut-entry").line, 3U);
}

TEST(Repair, takes_a_half_written_end_tag_for_the_end_of_the_document) {
  const Outcome o = read("<rss><channel><item><title>Whole</title></item><item><title>Cut</tit");
  ASSERT_EQ(o.document.entries.size(), 1U);
  EXPECT_TRUE(o.document.partial);
  EXPECT_TRUE(o.warns_of("cut-entry"));
  // Where its name is whole, nothing is lost.
  EXPECT_FALSE(read("<rss><channel><item><title>Whole</title></item></channel></rss").document.partial);
}

TEST(Repair, cuts_a_name_without_end_between_letters) {
  std::string name = "a";
  for (int i = 0; i < 200; ++i) name += "é";
  const Outcome o = read("<rss><channel><item><description>x <" + name + ">y</" + name + "></description></item></channel></rss>");
  ASSERT_EQ(o.document.entries.size(), 1U);
  EXPECT_TRUE(text::is_valid_utf8(o.entry().summary.value));
  EXPECT_EQ(o.entry().summary.value.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(Repair, keeps_an_entry_that_lacks_only_the_end_tags) {
  const Outcome o = read("<rss><channel><item><title>Whole</title><link>http://n.test/</link>");
  ASSERT_EQ(o.document.entries.size(), 1U);
  EXPECT_TRUE(o.document.partial);
}

TEST(Repair, ends_an_endless_cdata_section_with_its_element) {
  const Outcome o = read("<rss><channel><item><title><![CDATA[Open</title><link>http://n.test/</link></item><item><title>Next</title></item></channel></rss>");
  ASSERT_EQ(o.document.entries.size(), 2U);
  EXPECT_EQ(o.entry(0).title.value, "Open");
}

TEST(Repair, knows_prefixes_that_were_never_declared) {
  const Outcome o = read_item("<dc:creator>Ann</dc:creator><content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded>");
  EXPECT_EQ(o.entry().authors.at(0).name, "Ann");
  EXPECT_EQ(o.entry().content.at(0).value, "<p>x</p>");
  EXPECT_TRUE(o.warns_of("undeclared-prefix"));
}

TEST(Repair, does_not_take_a_foreign_element_for_its_namesake) {
  const Outcome o = read("<rss xmlns:z='http://z.test/ns'><channel><item><z:title>no</z:title><title>yes</title><z:description>no</z:description></item></channel></rss>");
  EXPECT_EQ(o.entry().title.value, "yes");
  EXPECT_EQ(o.entry().summary.value, "");
}

TEST(Repair, survives_nesting_without_end) {
  std::string deep = "<rss><channel><item><title>t</title><description>";
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  const Outcome o = read(deep + "</description></item></channel></rss>");
  EXPECT_EQ(o.entry().title.value, "t");
  EXPECT_TRUE(o.warns_of("too-deep"));
}

}  // namespace
}  // namespace tidings::feed::testing
