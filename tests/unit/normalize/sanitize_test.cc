#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "base/text.h"
#include "base/url.h"
#include "normalize/html.h"
#include "normalize/html_elements.h"
#include "normalize/html_foreign.h"
#include "normalize/html_scan.h"
#include "normalize/html_tree.h"
#include "normalize/sanitize.h"

namespace tidings::normalize {
namespace {

std::string safe(std::string_view html) { return sanitize_html(html, "https://example.com/news/"); }

// Judges by bytes alone, apart from the sanitiser's own scanner: every '<' begins an allowed tag whose attributes are
// allowed, quoted and of a safe scheme.
::testing::AssertionResult is_safe(std::string_view html) {
  const auto fail = [&](const char* why, std::string_view what) {
    return ::testing::AssertionFailure() << why << " '" << what << "' in: " << html.substr(0, 500);
  };
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const auto end = html.find('>', at);
    if (end == std::string_view::npos) return fail("an open tag", html.substr(at, 100));
    std::string_view tag = html.substr(at + 1, end - at - 1);
    if (tag.starts_with('/')) tag.remove_prefix(1);
    if (tag.ends_with(" /")) tag.remove_suffix(2);
    const auto name_end = std::min(tag.find(' '), tag.size());
    const bool foreign = foreign_element_of(tag.substr(0, name_end)).is(kAllowed);
    if (!foreign && !element_of(tag.substr(0, name_end)).is(kAllowed)) return fail("element", tag);
    tag.remove_prefix(name_end);
    while (!tag.empty()) {
      const auto equals = tag.find("=\"");
      if (tag[0] != ' ' || equals == std::string_view::npos) return fail("attribute", tag);
      const auto name = tag.substr(1, equals - 1);
      const auto close = tag.find('"', equals + 2);
      if (close == std::string_view::npos) return fail("quote", tag);
      const auto value = tag.substr(equals + 2, close - equals - 2);
      const bool states_namespace = value.starts_with("http://www.w3.org/") && (name == "xmlns" || name == "xmlns:xlink");
      const bool is_foreign = foreign && (states_namespace || (is_allowed_foreign_attribute(name) && is_safe_foreign_value(value)));
      if (!is_foreign && !is_allowed_attribute(name)) return fail("attribute", name);
      const std::string scheme = url_scheme(value);
      if ((is_url_attribute(name) || name == "xlink:href") && !scheme.empty() && !is_safe_scheme(scheme)) return fail("scheme", value);
      if (name == "style") {
        for (const char* bad : {"expression", "javascript", "url", "@", "\\", "behavior", "binding", "/*"}) {
          if (text::ascii_lower(value).find(bad) != std::string::npos) return fail("style", value);
        }
      }
      tag.remove_prefix(close + 1);
    }
  }
  return ::testing::AssertionSuccess();
}

TEST(Sanitize, keeps_what_an_article_is_made_of) {
  for (const char* html : {"<p>One <b>two</b> <em>three</em>.</p>", "<ul><li>a</li><li>b</li></ul>", "<h2 id=\"x\">Head</h2>",
                           "<blockquote cite=\"https://a.example/\">Said</blockquote>",
                           "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
                           "<img src=\"https://a.example/i.jpg\" alt=\"An &quot;i&quot;\" width=\"640\" />",
                           "<pre>a\n  b</pre>", "1 &lt; 2 &amp; 3 &gt; 2", "<a href=\"mailto:a@b.example\">mail</a>"}) {
    EXPECT_EQ(safe(html), html);
  }
}

TEST(Sanitize, drops_scripts_and_unwraps_the_unknown) {
  EXPECT_EQ(safe("a<script>alert('<b>')</script>b"), "ab");
  EXPECT_EQ(safe("<style>p{}</style><custom-x onclick=1>text</custom-x><blink>!</blink>"), "text!");
  EXPECT_EQ(safe("<p onclick=\"x()\" data-x=1 CLASS=y>t</p><!-- c -->"), "<p class=\"y\">t</p>");
  EXPECT_EQ(safe("a<script src=x />b"), "ab");
}

TEST(Sanitize, resolves_relative_urls) {
  EXPECT_EQ(safe("<a href=\"../x?a=1&amp;b=2\">x</a><img src=//cdn.example/i.png>"),
            "<a href=\"https://example.com/x?a=1&amp;b=2\">x</a><img src=\"https://cdn.example/i.png\" />");
  EXPECT_EQ(sanitize_html("<a href='x y'>x</a>", ""), "<a href=\"x%20y\">x</a>");
}

TEST(Sanitize, keeps_drawings_and_formulas) {
  EXPECT_EQ(safe("<svg viewBox='0 0 9 9'><title>A &lt; b</title><circle r=4 fill='url(#g)' onclick=x /><path d='M0 0'/></svg>after"),
            "<svg viewbox=\"0 0 9 9\" xmlns=\"http://www.w3.org/2000/svg\"><title>A &lt; b</title><circle r=\"4\" fill=\"url(#g)\"></circle>"
            "<path d=\"M0 0\"></path></svg>after");
  EXPECT_EQ(safe("<svg><a xlink:href=/x><text>x</text></a></svg>"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><a xlink:href=\"https://example.com/x\" "
            "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><text>x</text></a></svg>");
  EXPECT_EQ(plain_text("so <math><mi>a</mi><mo>+</mo><mi>b</mi><annotation>a+b</annotation></math> is"), "so a+b is");
  EXPECT_EQ(plain_text("a <svg><title>not read</title><text>nor this</text></svg> b"), "a b");
}

TEST(Sanitize, lets_drawings_neither_run_nor_fetch) {
  EXPECT_EQ(safe("<svg><a xlink:href='javascript:x'></a></svg>"), "<svg xmlns=\"http://www.w3.org/2000/svg\"><a></a></svg>");
  EXPECT_EQ(safe("<svg><style>@import 'x'</style><animate attributeName=href to='javascript:x'/><use href='data:x'/><set/>"
                 "<image href='http://x.example/p.gif'/><foreignObject><p>x</p></foreignObject></svg>"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>");
  EXPECT_EQ(safe("<svg><rect fill='url(http://x.example/)' stroke='u\\72l(x)' filter=x /></svg>"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><rect></rect></svg>");
  EXPECT_EQ(safe("<svg><g><p>out</p></svg>"), "<svg xmlns=\"http://www.w3.org/2000/svg\"><g></g></svg><p>out</p>");
}

TEST(Sanitize, reads_what_stands_for_a_frame) {
  EXPECT_EQ(safe("safe<iframe src=\"http://x.example/\"> <b>description</b></iframe>"), "safe <b>description</b>");
  EXPECT_EQ(safe("<p><b>a<iframe src=x><i>b</i></iframe>c</p>d"), "<p><b>a<i>b</i>c</b></p><b>d</b>");
}

TEST(Sanitize, reads_references_beyond_all_characters) {
  for (const char* html : {"<ul><li>a&NotEqualTilde;<p>&#x9999909999>", "<b>&#x9999909999;<i></b>", "&#99999999999999999999;", "&#x110000;"}) {
    EXPECT_TRUE(text::is_valid_utf8(safe(html))) << html;
  }
}

TEST(Sanitize, loses_nothing_behind_what_never_ends) {
  EXPECT_EQ(safe("<!DOCTYPE"), "&lt;!DOCTYPE");
  EXPECT_EQ(safe("<!' <a href=\"/x\">y</a>"), "&lt;!' <a href=\"https://example.com/x\">y</a>");
  EXPECT_EQ(safe("sa<!-- -- >fe<script>alert(1);</script>"), "safe");
  EXPECT_EQ(safe("a<!-- b"), "a");
}

TEST(Sanitize, repairs_nesting_as_the_standard_does) {
  EXPECT_EQ(safe("<b>1<i>2</b>3</i>"), "<b>1<i>2</i></b><i>3</i>");
  EXPECT_EQ(safe("<p>a<p>b"), "<p>a</p><p>b</p>");
  EXPECT_EQ(safe("<ul><li>a<li>b</ul>"), "<ul><li>a</li><li>b</li></ul>");
  EXPECT_EQ(safe("<table>x<tr><td>y"), "x<table><tbody><tr><td>y</td></tr></tbody></table>");
  EXPECT_EQ(safe("<br></br>x</p>"), "<br />x");
}

TEST(Sanitize, drops_tracking_pixels) {
  EXPECT_EQ(safe("a<img src=https://x.example/p.gif width=1 height=1>b"), "ab");
  EXPECT_EQ(safe("a<img height='1px' src=https://x.example/p.gif width=0>b"), "ab");
  EXPECT_EQ(safe("<img src=\"http://pixel.wp.com/b.gif?x\" alt=\"\">"), "");
  EXPECT_NE(safe("<img src=https://x.example/rule.gif width=600 height=1>"), "");
}

TEST(Sanitize, keeps_safe_style_only) {
  EXPECT_EQ(safe("<i style=\"color:RED; position:fixed; background:url(x) ; margin: 0 5px\">x</i>"),
            "<i style=\"color: RED; margin: 0 5px;\">x</i>");
  for (const char* style : {"width: expression(alert(1))", "color: red; -moz-binding: url(x)", "background: u\\72l(javascript:x)",
                            "behavior: url(x.htc)", "color: red /* x */", "@import 'x'", "font-family: 'a\\'b'",
                            "width: e/**/xpression(1)"}) {
    EXPECT_TRUE(is_safe(safe("<p style=\"" + std::string(style) + "\">x</p>"))) << style;
  }
}

// The kinds of trick of the OWASP XSS filter evasion list.
TEST(Sanitize, is_not_fooled_by_filter_evasion) {
  for (const char* html : {
           "<SCRIPT SRC=https://x.example/xss.js></SCRIPT>", "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"`/+/onmouseover=1/+/[*/[]/+alert(42);//'>",
           "<a href=\"\\\"\\\" onmouseover=alert(1)\\\"\">x</a>", "<a onmouseover=\"alert(1)\">x</a>", "<a onmouseover=alert(1)>x</a>",
           "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\"\\>", "<IMG SRC=javascript:alert(1)>", "<IMG SRC=JaVaScRiPt:alert(1)>",
           "<IMG SRC=javascript:alert(&quot;XSS&quot;)>", "<IMG SRC=`javascript:alert('1')`>", "<IMG SRC=# onmouseover=\"alert(1)\">",
           "<IMG SRC= onmouseover=\"alert(1)\">", "<IMG onmouseover=\"alert(1)\">", "<IMG SRC=/ onerror=\"alert(1)\"></img>",
           "<img src=x onerror=\"&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#0000058;\">",
           "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
           "<IMG SRC=&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#0000058alert(1)>",
           "<IMG SRC=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61&#x6C&#x65&#x72&#x74&#x28&#x31&#x29>",
           "<IMG SRC=\"jav\tascript:alert(1);\">", "<IMG SRC=\"jav&#x09;ascript:alert(1);\">", "<IMG SRC=\"jav&#x0A;ascript:alert(1);\">",
           "<IMG SRC=\"jav&#x0D;ascript:alert(1);\">", "<IMG SRC=\" &#14; javascript:alert(1);\">", "<IMG SRC=\"java\nscript:alert(1)\">",
           "<a href=\"javascript&colon;alert(1)\">x</a>", "<a href=\"jav&Tab;ascript:alert(1)\">x</a>", "<a href=\"&NewLine;javascript:1\">x</a>",
           "<SCRIPT/XSS SRC=\"https://x.example/xss.js\"></SCRIPT>", "<BODY onload!#$%&()*~+-_.,:;?@[/|\\]^`=alert(1)>",
           "<SCRIPT/SRC=\"https://x.example/xss.js\"></SCRIPT>", "<<SCRIPT>alert(1);//\\<</SCRIPT>", "<SCRIPT SRC=https://x.example/xss.js?< B >",
           "<SCRIPT SRC=//x.example/.j>", "<IMG SRC=\"`<javascript:alert>`('1')\"", "<iframe src=https://x.example/s.html <",
           "</script><script>alert(1);</script>", "</TITLE><SCRIPT>alert(1);</SCRIPT>", "<INPUT TYPE=\"IMAGE\" SRC=\"javascript:alert(1);\">",
           "<BODY BACKGROUND=\"javascript:alert(1)\">", "<IMG DYNSRC=\"javascript:alert(1)\">", "<IMG LOWSRC=\"javascript:alert(1)\">",
           "<STYLE>li {list-style-image: url(\"javascript:alert(1)\");}</STYLE><UL><LI>XSS</br>", "<IMG SRC='vbscript:msgbox(1)'>",
           "<IMG SRC=\"livescript:[code]\">", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<BODY ONLOAD=alert(1)>",
           "<svg><a xlink:href=\"javascript:alert(1)\"><text x=1>x</text></a></svg>", "<math><maction xlink:href=\"javascript:alert(1)\">x</maction></math>",
           "<BGSOUND SRC=\"javascript:alert(1);\">", "<BR SIZE=\"&{alert(1)}\">", "<LINK REL=\"stylesheet\" HREF=\"javascript:alert(1);\">",
           "<STYLE>@import'https://x.example/xss.css';</STYLE>", "<META HTTP-EQUIV=\"Link\" Content=\"<https://x.example/xss.css>; REL=stylesheet\">",
           "<STYLE>BODY{-moz-binding:url(\"https://x.example/x.xml#xss\")}</STYLE>", "<IMG STYLE=\"xss:expr/*XSS*/ession(alert(1))\">",
           "exp/*<A STYLE='no\\xss:noxss(\"*//*\");xss:ex/*XSS*//*/*/pression(alert(1))'>", "<XSS STYLE=\"xss:expression(alert(1))\">",
           "<XSS STYLE=\"behavior: url(xss.htc);\">", "<META HTTP-EQUIV=\"refresh\" CONTENT=\"0;url=javascript:alert(1);\">",
           "<META HTTP-EQUIV=\"refresh\" CONTENT=\"0;url=data:text/html base64,PHNjcmlwdD4=\">", "<IFRAME SRC=\"javascript:alert(1);\"></IFRAME>",
           "<IFRAME SRC=# onmouseover=\"alert(1)\"></IFRAME>", "<FRAMESET><FRAME SRC=\"javascript:alert(1);\"></FRAMESET>",
           "<TABLE BACKGROUND=\"javascript:alert(1)\">", "<TABLE><TD BACKGROUND=\"javascript:alert(1)\">",
           "<DIV STYLE=\"background-image: url(javascript:alert(1))\">", "<DIV STYLE=\"background-image:\\0075\\0072\\006C\\0028'\\006a'\\0029\">",
           "<DIV STYLE=\"background-image: url(&#1;javascript:alert(1))\">", "<DIV STYLE=\"width: expression(alert(1));\">",
           "<!--[if gte IE 4]><SCRIPT>alert(1);</SCRIPT><![endif]-->", "<BASE HREF=\"javascript:alert(1);//\">",
           "<OBJECT TYPE=\"text/x-scriptlet\" DATA=\"https://x.example/s.html\"></OBJECT>", "<EMBED SRC=\"data:image/svg+xml;base64,PHN2Zz4=\" AllowScriptAccess=\"always\"></EMBED>",
           "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<form action=\"javascript:alert(1)\"><input type=submit formaction=\"javascript:alert(1)\">",
           "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<textarea><p title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
           "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
           "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<xmp><p title=\"</xmp><svg/onload=alert(1)>\">",
           "<a href=\"//x.example\x01\" onclick=1>x</a>", "<p/onclick=alert(1)>x</p>", "<img src=\"x\"onerror=alert(1)>", "<img/src='x'/onerror=alert(1)>",
           "<video poster=javascript:alert(1)//></video>", "<video><source onerror=\"alert(1)\"></video>", "<details open ontoggle=alert(1)>x</details>",
           "<plaintext><img src=x onerror=alert(1)>", "<template><img src=x onerror=alert(1)></template>", "<a href='x&#0;javascript:1'>x</a>",
           "<IMG SRC=javascript:alert(String.fromCharCode(88,83,83))>", "<a foo=a src=\"javascript:alert(1)\">x</a>", "<IMG SRC=\"jav&#x0Aascript:alert(1);\">",
           "\xBCscript\xBE" "alert(\xA2XSS\xA2)\xBC/script\xBE", "+ADw-SCRIPT+AD4-alert(1);+ADw-/SCRIPT+AD4-",
           "<LINK REL=\"stylesheet\" HREF=\"http://x.example/xss.css\">", "<META HTTP-EQUIV=\"Set-Cookie\" Content=\"USERID=<SCRIPT>alert(1)</SCRIPT>\">",
           "<STYLE>@im\\port'\\ja\\vasc\\ript:alert(1)';</STYLE>", "<STYLE TYPE=\"text/javascript\">alert(1);</STYLE>",
           "<STYLE>.XSS{background-image:url(\"javascript:alert(1)\");}</STYLE><A CLASS=XSS></A>", "<STYLE type=\"text/css\">BODY{background:url(\"javascript:alert(1)\")}</STYLE>",
           "<XML ID=\"xss\"><I><B><IMG SRC=\"javas<!-- -->cript:alert(1)\"></B></I></XML><SPAN DATASRC=\"#xss\" DATAFLD=\"B\" DATAFORMATAS=\"HTML\"></SPAN>",
           "<XML SRC=\"xsstest.xml\" ID=I></XML><SPAN DATASRC=#I DATAFLD=C DATAFORMATAS=HTML></SPAN>",
           "<HTML><BODY><?xml:namespace prefix=\"t\" ns=\"urn:schemas-microsoft-com:time\"><?import namespace=\"t\" implementation=\"#default#time2\">"
           "<t:set attributeName=\"innerHTML\" to=\"XSS<SCRIPT DEFER>alert(1)</SCRIPT>\"></BODY></HTML>",
           "<!--#exec cmd=\"/bin/echo '<SCR'\"--><!--#exec cmd=\"/bin/echo 'IPT SRC=http://x.example/xss.js></SCRIPT>'\"-->",
           "<? echo('<SCR)'; echo('IPT>alert(1)</SCRIPT>'); ?>", "<SCRIPT a=\">\" SRC=\"https://x.example/xss.js\"></SCRIPT>",
           "<SCRIPT =\">\" SRC=\"https://x.example/xss.js\"></SCRIPT>", "<SCRIPT a=\">\" '' SRC=\"https://x.example/xss.js\"></SCRIPT>",
           "<SCRIPT \"a='>'\" SRC=\"https://x.example/xss.js\"></SCRIPT>", "<SCRIPT a=`>` SRC=\"https://x.example/xss.js\"></SCRIPT>",
           "<SCRIPT a=\">'>\" SRC=\"https://x.example/xss.js\"></SCRIPT>", "<SCRIPT>document.write(\"<SCRI\");</SCRIPT>PT SRC=\"https://x.example/xss.js\"></SCRIPT>",
           "<EMBED SRC=\"http://x.example/xss.swf\" AllowScriptAccess=\"always\"></EMBED>", "<img onload=\"eval(atob('YWxlcnQoMSk='))\">",
           "<svg><animate onbegin=alert(1) attributeName=x dur=1s>", "<svg><set attributeName=onmouseover to=alert(1)>",
           "<svg><use xlink:href=\"data:image/svg+xml,<svg id=x onload=alert(1)>#x\">", "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a>",
           "<svg><image href=1 onerror=alert(1)>", "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
           "<math><annotation-xml encoding=\"text/html\"><img src=x onerror=alert(1)></annotation-xml></math>", "<math href=\"javascript:alert(1)\">x</math>",
           "<svg><desc><style><a title=\"</style><img src onerror=alert(1)>\"></desc></svg>", "<svg><title><style><img src=x onerror=alert(1)></style></title></svg>",
           "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>", "<iframe><script>alert(1)</script></iframe>", "<iframe></iframe onload=alert(1)>"}) {
    const std::string once = safe(html);
    EXPECT_TRUE(is_safe(once)) << html;
    EXPECT_EQ(safe(once), once) << html;
    EXPECT_EQ(once.find("alert(1)>"), std::string::npos) << html;
  }
}

// A zero byte inside, which text in a list cannot hold.
TEST(Sanitize, is_not_fooled_by_zero_bytes) {
  for (const std::string& html : {std::string("<IMG SRC=java\0script:alert(1)>", 31), std::string("<SCR\0IPT>alert(1)</SCR\0IPT>", 28),
                                  std::string("<a href=\"\0javascript:alert(1)\">x</a>", 37)}) {
    const std::string once = safe(html);
    EXPECT_TRUE(is_safe(once)) << html;
    EXPECT_EQ(safe(once), once) << html;
  }
}

// Any order of the pieces that HTML trouble is made of.
std::string made_markup(std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href=x>", "</a>", "<div>", "</div>", "<ul>", "<li>", "</li>", "</ul>", "<table>", "<tr>",
      "<td>", "</td>", "</tr>", "</table>", "<tbody>", "<caption>", "<th>", "<script>", "</script>", "<style>", "</style>", "<svg>", "</svg>", "<math>",
      "<textarea>", "</textarea>", "<title>", "</title>", "<select>", "<option>", "</select>", "<form>", "</form>", "<h1>", "</h1>", "<h2>", "<pre>\n",
      "\n", "</pre>", "<br>", "</br>", "<img src=x>", "<object>", "</object>", "<button>", "</button>", "<dl><dt>", "<dd>", "</dl>", "<!--", "-->",
      "<![CDATA[", "]]>", "<x-y>", "</x-y>", "<", ">", "&", "&lt;", "&amp;lt;", "&copy", "&#x3c;", "&notin;", "&lsquor;", "text ", " ", "\"", "'",
      "<p title=\"", "<img alt='<b>'>", "<noscript>", "</noscript>", "<iframe>", "</iframe>", "<body>", "</html>", "<col>", "<font>", "</font>",
      "<blockquote>", "</blockquote>", "<nobr>", "<marquee>", "</marquee>", "<frameset>", "<input>", "<hr>", "<q>", "<template>", "</template>", "<q/>"};
  std::string html;
  const std::size_t count = 1 + random() % 25;
  for (std::size_t i = 0; i < count; ++i) html += kPieces[random() % kPieces.size()];
  return html;
}

TEST(Sanitize, is_safe_and_at_rest_after_one_pass_on_any_markup) {
  std::mt19937 random(20261124);
  for (int i = 0; i < 6000; ++i) {
    const std::string html = made_markup(random);
    const std::string once = safe(html);
    ASSERT_TRUE(is_safe(once)) << html;
    ASSERT_EQ(safe(once), once) << html;
    const HtmlReading both = read_html(html, "https://example.com/news/");
    ASSERT_EQ(both.html, once) << html;
    ASSERT_EQ(both.text, plain_text(html)) << html;
    SafeHtml again("");
    ASSERT_TRUE(scan_html(once, ScanMode::strict, again)) << html << "\n" << once;
  }
}

// A lone </p> makes one in the standard.
std::string without_empty_paragraphs(std::string html) {
  for (auto at = html.find("<p></p>"); at != std::string::npos; at = html.find("<p></p>")) html.erase(at, 7);
  return html;
}

// What the scanner takes alone, it reads as gumbo does. Headings in headings, selects and XHTML's empty tags are read
// more simply on purpose.
TEST(Sanitize, reads_well_kept_markup_as_the_standard_parser_does) {
  std::mt19937 random(7);
  int taken = 0;
  for (int i = 0; i < 6000; ++i) {
    const std::string html = made_markup(random);
    SafeHtml alone("");
    if (!scan_html(html, ScanMode::strict, alone)) continue;
    for (const char* simple : {"<h", "select", "option", "/>", "<button", "<form", "<nobr", "<marquee", "<object", "<t", "<c", "</br", "title", "<iframe", "<dl"}) {
      if (html.find(simple) != std::string::npos) goto next;
    }
    // A comment or "<!" without an end takes less with it here.
    if (html.find("<![") != std::string::npos || html.rfind("<!--") + 1 > html.rfind("-->") + 1) continue;
    {
      const auto straight = straighten_html(html);
      ASSERT_TRUE(straight.has_value());
      SafeHtml tree("");
      ASSERT_TRUE(scan_html(*straight, ScanMode::recover, tree));
      ASSERT_EQ(without_empty_paragraphs(alone.out), without_empty_paragraphs(tree.out)) << html;
      ++taken;
    }
  next:;
  }
  EXPECT_GT(taken, 100);
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + piece.size());
  while (out.size() < bytes) out += piece;
  return out;
}

// A test that takes long here is a failure by ctest's time limit.
void expect_read_safely(const std::string& page) { EXPECT_TRUE(is_safe(read_html(page, "https://example.com/").html)) << page.substr(0, 30); }

TEST(Sanitize, ends_soon_on_a_bomb_of_formatting_elements) {
  std::string bomb;
  for (int i = 0; i < 2900; ++i) bomb += "<b id=" + std::to_string(i) + ">";
  expect_read_safely(bomb + repeated("<p>x</p>", 20000));
}

class HostileMarkup : public testing::TestWithParam<const char*> {};

TEST_P(HostileMarkup, ends_soon) {
  expect_read_safely(repeated(GetParam(), 1000000));
  expect_read_safely(repeated(GetParam(), 20000));  // within gumbo's bounds
}

INSTANTIATE_TEST_SUITE_P(Sanitize, HostileMarkup,
                         testing::Values("<b>", "<div>", "<a><div>", "<table><tr><td>", "<div><table></div>", "<p><b></p>", "<", "&", "<!--", "</p>",
                                         "<b a", "<p title='", "<textarea>", "<script>", "<b><object></b></object>", "<ul><li>", "&#", "<x ",
                                         "<font><p>", "<svg>", "<select><option>", "<h1>", "<nobr>", "<math><mi>", "<![CDATA[", "<a href=",
                                         "<p style='a:b;' ", "<i><table>"));

}  // namespace
}  // namespace tidings::normalize
