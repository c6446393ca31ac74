#include "html/renderer.h"
#include "support/sentence.h"

using cstims::markdown;
using cstims::markdown_page;

SENTENCE(markdown, "raw HTML is dropped") {
  EXPECT_EQ(markdown("a <script>alert(1)</script> b").text(), "<p>a alert(1) b</p>\n");
  EXPECT_EQ(markdown("<div onclick=\"x\">\n\nb").text(), "\n<p>b</p>\n");
  EXPECT_EQ(markdown("<img src=x onerror=alert(1)>").text(), "\n");
  EXPECT_EQ(markdown("&lt;script&gt; `<b>`").text(),
            "<p>&lt;script&gt; <code>&lt;b&gt;</code></p>\n");
}

SENTENCE(markdown, "links lead only to http, https, mailto and paths of this site") {
  EXPECT_EQ(markdown("[a](https://x.example/?a&b)").text(),
            "<p><a href=\"https://x.example/?a&amp;b\">a</a></p>\n");
  EXPECT_EQ(markdown("[a](/pay) [b](mailto:a@x.example) [c](HTTP://x)").text(),
            "<p><a href=\"/pay\">a</a> <a href=\"mailto:a@x.example\">b</a> "
            "<a href=\"HTTP://x\">c</a></p>\n");
  for (const char* address : {"javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x",
                              "vbscript:x", "//evil.example", "/\\evil.example", "ftp://x", "x"}) {
    EXPECT_EQ(markdown(std::string("[*a*](") + address + ")").text(), "<p><em>a</em></p>\n")
        << address;
  }
  EXPECT_EQ(markdown("<javascript:alert(1)>").text(), "<p>javascript:alert(1)</p>\n");
  EXPECT_EQ(markdown("[a][1]\n\n[1]: javascript:alert(1)").text(), "<p>a</p>\n");
}

SENTENCE(markdown, "pictures become their description") {
  EXPECT_EQ(markdown("![a *b*](https://x.example/p.png)").text(), "<p>a <em>b</em></p>\n");
  EXPECT_EQ(markdown("[![a](p.png)](javascript:x)").text(), "<p>a</p>\n");
}

SENTENCE(markdown, "a link title cannot leave its attribute") {
  EXPECT_EQ(markdown("[a](/x '\" onclick=\"y')").text(),
            "<p><a href=\"/x\" title=\"&quot; onclick=&quot;y\">a</a></p>\n");
}

SENTENCE(markdown, "headings begin at the second level and end at the sixth") {
  EXPECT_EQ(markdown("# a\n## b\n###### c").text(), "<h2>a</h2>\n<h3>b</h3>\n<h6>c</h6>\n");
}

SENTENCE(markdown, "tables align by classes, never by style") {
  const std::string html = markdown("| a | b |\n|:-:|--:|\n| 1 | ` align=\"right\"` |\n").text();
  EXPECT_NE(html.find("<td class=\"text-center\">1</td>"), html.npos) << html;
  EXPECT_NE(html.find("<td class=\"text-end\">"), html.npos) << html;
  EXPECT_NE(html.find("align=&quot;right&quot;"), html.npos) << html;
  EXPECT_EQ(html.find("style"), html.npos) << html;
}

SENTENCE(markdown, "ill-formed UTF-8 does not reach the page") {
  EXPECT_EQ(markdown("a\xff").text(), "<p>a\xEF\xBF\xBD</p>\n");
}

SENTENCE(markdown, "deep nesting and long lines are borne") {
  EXPECT_FALSE(markdown(std::string(20'000, '>')).text().empty());
  EXPECT_FALSE(markdown(std::string(20'000, '[')).text().empty());
  EXPECT_FALSE(markdown(std::string(50'000, '*')).text().empty());
}

SENTENCE(markdown, "the first heading of a page is its title") {
  const auto page = markdown_page("# How to *pay*  \n\nText\n\n## More\n");
  EXPECT_EQ(page.title, "How to *pay*");
  EXPECT_EQ(page.body.text(), "<p>Text</p>\n<h2>More</h2>\n");
  EXPECT_EQ(markdown_page("Text").title, "");
  EXPECT_EQ(markdown_page("# Only").title, "Only");
}
