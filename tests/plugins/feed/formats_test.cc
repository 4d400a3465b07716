#include <gtest/gtest.h>

#include "plugins/feed/read.h"

namespace tidings::feed::testing {
namespace {

TEST(Formats, rss_2_is_read) {
  const Outcome o = read(R"(<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour News</title>
    <link>http://news.test/</link><description>From the &lt;b&gt;harbour&lt;/b&gt;</description><language>en-gb</language>
    <ttl>45</ttl><skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays>
    <item><title>Ferry late</title><link>/ferry</link><guid isPermaLink="false">n-1</guid>
    <pubDate>Tue, 24 Nov 2026 08:00:00 +0100</pubDate><author>ed@news.test (Edda Low)</author><category domain="d">sea</category>
    <description>Half an hour</description><enclosure url="/a.mp3" type="audio/mpeg" length="12"/></item></channel></rss>)");
  ASSERT_EQ(o.status, TIDINGS_OK);
  EXPECT_EQ(o.feed().format, "rss");
  EXPECT_EQ(o.feed().version, "2.0");
  EXPECT_EQ(o.feed().title.value, "Harbour News");
  EXPECT_EQ(o.feed().subtitle.value, "From the <b>harbour</b>");
  EXPECT_EQ(o.feed().subtitle.type, "html");
  EXPECT_EQ(o.feed().ttl_minutes, 45);
  EXPECT_EQ(o.feed().skip_hours, 1U | 1U << 23);
  EXPECT_EQ(o.feed().skip_days, 1U << 6);
  const model::Entry& e = o.entry();
  EXPECT_EQ(e.link, "http://news.test/ferry");
  EXPECT_EQ(e.id, "n-1");
  EXPECT_FALSE(e.id_is_permalink);
  ASSERT_TRUE(e.published.time);
  EXPECT_EQ(to_micros(*e.published.time), 1'795'503'600'000'000);
  EXPECT_EQ(e.authors.at(0).name, "Edda Low");
  EXPECT_EQ(e.authors.at(0).email, "ed@news.test");
  EXPECT_EQ(e.categories.at(0).scheme, "d");
  EXPECT_EQ(e.enclosures.at(0).url, "http://news.test/a.mp3");
  EXPECT_EQ(e.enclosures.at(0).length, 12);
  EXPECT_EQ(e.language, "en-gb");
  EXPECT_EQ(e.line, 4U);
}

TEST(Formats, rdf_with_items_beside_the_channel_is_read) {
  const Outcome o = read(R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
    <channel rdf:about="http://news.test/"><title>R</title><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
    <items><rdf:Seq><rdf:li rdf:resource="http://news.test/1"/></rdf:Seq></items></channel>
    <item rdf:about="http://news.test/1"><title>One</title><dc:date>2026-11-24</dc:date><dc:creator>A. Writer</dc:creator></item></rdf:RDF>)");
  EXPECT_EQ(o.feed().format, "rdf");
  EXPECT_DOUBLE_EQ(o.feed().update_period_seconds, 21600);
  ASSERT_EQ(o.document.entries.size(), 1U);
  EXPECT_EQ(o.entry().id, "http://news.test/1");
  EXPECT_EQ(o.entry().authors.at(0).name, "A. Writer");
  EXPECT_TRUE(o.entry().updated.time);
}

TEST(Formats, a_cloud_is_where_registrations_go_by_post) {
  const auto cloud = [](const std::string& attributes) { return read("<rss version='2.0'><channel><title>T</title><cloud " + attributes + "/></channel></rss>").feed().cloud; };
  EXPECT_EQ(cloud("domain='c.test' port='5337' path='/notify' protocol='http-post'"), "http://c.test:5337/notify");
  EXPECT_EQ(cloud("domain='c.test' path='notify' protocol='https-post'"), "https://c.test/notify");
  EXPECT_EQ(cloud("domain='c.test' port='80' path='/RPC2' registerProcedure='x' protocol='xml-rpc'"), "");
  EXPECT_EQ(cloud("path='/notify' protocol='http-post'"), "");
}

TEST(Formats, atom_is_read_with_its_links) {
  const Outcome o = read(R"(<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="http://news.test/a/">
    <title type="html">&lt;i&gt;A&lt;/i&gt;</title><id>urn:x</id><link rel="self" href="atom.xml"/><link rel="hub" href="http://hub.test/"/>
    <link rel="prev-archive" href="2025.xml"/><icon>/i.png</icon>
    <entry><id>urn:x:1</id><title>Eins</title><link rel="enclosure" href="e.mp3" length="x"/><link href="1.html"/>
    <updated>2026-11-24T10:00:00Z</updated><summary>kurz</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
    <p xml:base="b/">lang <a href="c">x</a></p></div></content></entry></feed>)");
  EXPECT_EQ(o.feed().self, "http://news.test/a/atom.xml");
  EXPECT_EQ(o.feed().hubs, std::vector<std::string>{"http://hub.test/"});
  EXPECT_EQ(o.feed().next_archive, "http://news.test/a/2025.xml");
  EXPECT_EQ(o.feed().icon, "http://news.test/i.png");
  EXPECT_EQ(o.feed().language, "de");
  const model::Entry& e = o.entry();
  EXPECT_EQ(e.link, "http://news.test/a/1.html");
  EXPECT_EQ(e.language, "de");
  EXPECT_EQ(e.enclosures.at(0).length, -1);
  EXPECT_EQ(e.content.at(0).type, "xhtml");
  EXPECT_EQ(e.content.at(0).value, "<p>lang <a href=\"http://news.test/a/b/c\">x</a></p>");
  EXPECT_EQ(e.content.at(0).base, "http://news.test/a/");
}

TEST(Formats, cdf_is_read) {
  const Outcome o = read(R"(<CHANNEL HREF="http://news.test/" LASTMOD="2004-04-06T23:05:43-05:00"><TITLE>C</TITLE>
    <ITEM HREF="/x"><TITLE>X</TITLE><ABSTRACT>Short</ABSTRACT></ITEM></CHANNEL>)");
  EXPECT_EQ(o.feed().format, "cdf");
  EXPECT_EQ(o.feed().link, "http://news.test/");
  EXPECT_EQ(o.entry().link, "http://news.test/x");
  EXPECT_EQ(o.entry().summary.value, "Short");
}

TEST(Formats, the_base_of_a_cdf_channel_is_that_of_its_urls) {
  const Outcome o = read("<CHANNEL BASE='http://base.test/dir/'><LOGO HREF='l.gif'/><ITEM HREF='x.html'><TITLE>X</TITLE></ITEM></CHANNEL>");
  EXPECT_EQ(o.feed().logo, "http://base.test/dir/l.gif");
  EXPECT_EQ(o.entry().link, "http://base.test/dir/x.html");
}

TEST(Formats, rss_090_is_read) {
  const Outcome o = read("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>"
                         "<channel><title>N</title><link>http://n.test/</link></channel><image><url>http://n.test/i.gif</url></image>"
                         "<item><title>One</title><link>http://n.test/1</link></item></rdf:RDF>");
  EXPECT_EQ(o.feed().format, "rdf");
  EXPECT_EQ(o.feed().version, "0.90");
  EXPECT_EQ(o.feed().image.url, "http://n.test/i.gif");
  EXPECT_EQ(o.entry().link, "http://n.test/1");
}

TEST(Formats, rss_is_read_in_capitals) {
  const Outcome o = read("<RSS VERSION='0.91'><CHANNEL><TITLE>Up</TITLE><ITEM><TITLE>One</TITLE><PUBDATE>1 Jan 2004</PUBDATE></ITEM></CHANNEL></RSS>");
  EXPECT_EQ(o.feed().version, "0.91");
  EXPECT_EQ(o.entry().title.value, "One");
  EXPECT_TRUE(o.entry().published.time);
}

TEST(Formats, an_atom_logo_is_the_image_of_its_feed) {
  const Outcome o = read("<feed xmlns='http://www.w3.org/2005/Atom'><logo>/l.png</logo><icon>/i.png</icon></feed>");
  EXPECT_EQ(o.feed().logo, "http://news.test/l.png");
  EXPECT_EQ(o.feed().image.url, "http://news.test/l.png");
  EXPECT_EQ(o.feed().icon, "http://news.test/i.png");
}

TEST(Formats, podcasts_are_read) {
  const Outcome o = read(R"(<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0">
    <channel><title>Show</title><itunes:image href="/it.jpg"/><image><url>/own.png</url></image><itunes:author>Ann</itunes:author>
    <itunes:owner><itunes:name>Owner</itunes:name><itunes:email>o@n.test</itunes:email></itunes:owner>
    <itunes:category text="Society &amp; Culture"><itunes:category text="History"/></itunes:category>
    <itunes:new-feed-url>https://n.test/new.xml</itunes:new-feed-url><podcast:locked>yes</podcast:locked>
    <item><itunes:title>Ep</itunes:title><itunes:summary>Sum</itunes:summary><itunes:image href="/ep.jpg"/><itunes:duration>7:04</itunes:duration>
    <itunes:keywords>a, b</itunes:keywords><podcast:transcript url="/t.vtt" type="text/vtt"/><enclosure url="/e.mp3" type="audio/mpeg" length="x"/></item>
    </channel></rss>)");
  EXPECT_EQ(o.feed().image.url, "http://news.test/own.png");  // the feed's own
  EXPECT_EQ(o.feed().authors.at(0).name, "Ann");
  EXPECT_EQ(o.feed().authors.size(), 1U);
  EXPECT_EQ(o.feed().categories.at(1).term, "History");
  EXPECT_EQ(o.feed().new_url, "https://n.test/new.xml");
  EXPECT_EQ(o.entry().title.value, "Ep");
  EXPECT_EQ(o.entry().summary.value, "Sum");
  EXPECT_EQ(o.entry().image.url, "http://news.test/ep.jpg");
  EXPECT_EQ(o.entry().categories.size(), 2U);
  EXPECT_EQ(o.entry().enclosures.at(0).length, -1);
  EXPECT_NE(o.entry().extra.find("\"itunes:duration\":\"7:04\""), std::string::npos);
  EXPECT_NE(o.entry().extra.find("http://news.test/t.vtt"), std::string::npos);
}

TEST(Formats, podcasts_name_persons_other_forms_and_how_to_help) {
  const Outcome o = read(R"(<rss xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>
    <podcast:funding url="http://n.test/help">Help</podcast:funding><podcast:medium>music</podcast:medium>
    <item><podcast:person role="guest" href="http://bo.test/">Bo</podcast:person>
    <podcast:alternateEnclosure type="audio/opus" length="42"><podcast:source uri="/a.opus"/><podcast:source uri="ipfs://x"/></podcast:alternateEnclosure>
    </item></channel></rss>)");
  EXPECT_NE(o.feed().extra.find("http://n.test/help"), std::string::npos);
  EXPECT_NE(o.feed().extra.find("\"podcast:medium\":\"music\""), std::string::npos);
  EXPECT_EQ(o.entry().contributors.at(0).name, "Bo");
  EXPECT_EQ(o.entry().contributors.at(0).uri, "http://bo.test/");
  ASSERT_EQ(o.entry().media.size(), 2U);
  EXPECT_EQ(o.entry().media[0].url, "http://news.test/a.opus");
  EXPECT_EQ(o.entry().media[0].length, 42);
}

TEST(Formats, names_are_read_without_the_quotes_of_mail) {
  const Outcome o = read_item("<author>\"Low, Edda\" &lt;ed@n.test&gt;</author>");
  EXPECT_EQ(o.entry().authors.at(0).name, "Low, Edda");
  EXPECT_EQ(o.entry().authors.at(0).email, "ed@n.test");
}

TEST(Formats, who_to_write_to_is_an_author_only_where_nobody_else_is) {
  const char* contact = "<webMaster>web@n.test (Web)</webMaster>";
  EXPECT_EQ(read("<rss><channel>" + std::string(contact) + "</channel></rss>").feed().authors.at(0).name, "Web");
  const Outcome o = read("<rss><channel>" + std::string(contact) + "<managingEditor>ed@n.test (Ed)</managingEditor></channel></rss>");
  ASSERT_EQ(o.feed().authors.size(), 1U);
  EXPECT_EQ(o.feed().authors[0].name, "Ed");
}

TEST(Formats, an_id_that_is_a_url_is_the_link_where_there_is_no_other) {
  EXPECT_EQ(read_entry("<id>http://n.test/1</id>").entry().link, "http://n.test/1");
  EXPECT_EQ(read_entry("<id>http://n.test/1</id><link href='/2'/>").entry().link, "http://news.test/2");
  EXPECT_EQ(read_entry("<id>tag:n.test,2020:1</id>").entry().link, "");
}

TEST(Formats, media_last_as_long_as_they_say_in_hours_minutes_and_seconds) {
  const auto seconds = [](std::string said) {
    return read_item("<media:content url='http://v.test/1' duration='" + said + "'/>").entry().media.at(0).duration;
  };
  EXPECT_DOUBLE_EQ(seconds("90"), 90);
  EXPECT_DOUBLE_EQ(seconds("1:30"), 90);
  EXPECT_DOUBLE_EQ(seconds("1:00:01.5"), 3601.5);
  EXPECT_DOUBLE_EQ(seconds("long"), -1);
}

TEST(Formats, a_tombstone_withdraws_an_entry) {
  const Outcome o = read(R"(<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0">
    <at:deleted-entry ref="urn:x:9" when="2026-11-24T10:00:00Z"><at:comment>wrong</at:comment></at:deleted-entry></feed>)");
  ASSERT_EQ(o.document.entries.size(), 1U);
  EXPECT_EQ(o.feed().version, "1.0");
  EXPECT_TRUE(o.entry().deleted);
  EXPECT_EQ(o.entry().id, "urn:x:9");
  EXPECT_EQ(o.entry().summary.value, "wrong");
}

TEST(Formats, media_groups_give_media_thumbnails_and_low_ranking_text) {
  const Outcome o = read_item(R"(<title>Own</title><media:group xmlns:media="http://search.yahoo.com/mrss/"><media:title>Other</media:title>
    <media:content url="http://v.test/1.mp4" type="video/mp4" width="640" fileSize="7" duration="1.5"><media:thumbnail url="http://v.test/1.jpg"/></media:content>
    <media:description>About</media:description><media:credit>Cam</media:credit></media:group>)");
  const model::Entry& e = o.entry();
  EXPECT_EQ(e.title.value, "Own");
  EXPECT_EQ(e.summary.value, "About");
  ASSERT_EQ(e.media.size(), 1U);
  EXPECT_EQ(e.media[0].width, 640);
  EXPECT_EQ(e.media[0].length, 7);
  EXPECT_DOUBLE_EQ(e.media[0].duration, 1.5);
  EXPECT_EQ(e.media[0].credit, "Cam");
  EXPECT_EQ(e.thumbnails.at(0).url, "http://v.test/1.jpg");
}

TEST(Formats, positions_are_read_in_each_way_of_saying_them) {
  for (const char* said : {"<georss:point>59.9 10.7</georss:point>", "<geo:lat>59.9</geo:lat><geo:long>10.7</geo:long>",
                           "<georss:where><gml:Point><gml:pos>59.9 10.7</gml:pos></gml:Point></georss:where>"}) {
    const Outcome o = read_item(said);
    ASSERT_TRUE(o.entry().has_position) << said;
    EXPECT_DOUBLE_EQ(o.entry().latitude, 59.9) << said;
    EXPECT_DOUBLE_EQ(o.entry().longitude, 10.7) << said;
  }
  EXPECT_FALSE(read_item("<georss:point>91 0</georss:point>").entry().has_position);
  // The middle of what is no point.
  for (const char* said : {"<georss:box>10 20 30 60</georss:box>", "<georss:line>10 60 30 20</georss:line>",
                           "<georss:polygon>10 20 30 20 10 60 10 20</georss:polygon>",
                           "<georss:where><gml:Polygon><gml:posList>10 20 30 60</gml:posList></gml:Polygon></georss:where>"}) {
    const Outcome o = read_item(said);
    EXPECT_DOUBLE_EQ(o.entry().latitude, 20) << said;
    EXPECT_DOUBLE_EQ(o.entry().longitude, 40) << said;
  }
}

TEST(Formats, an_entry_names_the_feed_it_was_taken_from) {
  const Outcome o = read_entry("<title>t</title><source><title>Origin</title><link href='http://o.test/'/><author><name>O</name></author></source>");
  ASSERT_EQ(o.entry().source.size(), 1U);
  EXPECT_EQ(o.entry().source[0].title.value, "Origin");
  EXPECT_EQ(o.entry().source[0].link, "http://o.test/");
  EXPECT_TRUE(o.entry().authors.empty());
}

TEST(Formats, what_is_no_feed_is_said_to_be_none) {
  EXPECT_EQ(read("").status, TIDINGS_NOT_MINE);
  EXPECT_EQ(read("{\"items\": []}").status, TIDINGS_NOT_MINE);
  const Outcome o = read("<!DOCTYPE html><html><head><title>Hello</title></head><body><p>Hi</body></html>");
  EXPECT_EQ(o.status, TIDINGS_NOT_MINE);
  EXPECT_EQ(o.document.warnings.back().message, "this is an HTML page, not a feed");
}

}  // namespace
}  // namespace tidings::feed::testing
