#include "mail/html_text.h"

#include <ctime>

#include "support/sentence.h"

namespace cstims {
namespace {

struct Shown {
  const char* html;
  const char* text;
};

SENTENCE(html_text, "HTML becomes the words a person would read") {
  const Shown cases[] = {
      {"<p>One</p><p>Two</p>", "One\n\nTwo"},
      {"a<br>b<br/>c", "a\nb\nc"},
      {"<div>a</div><div>b</div>", "a\nb"},
      {"a  \n  b", "a b"},
      {"<ul><li>x</li><li>y</li></ul>", "- x\n- y"},
      {"<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"},
      {"&lt;b&gt; &amp; &euro;5 &#241; &#xf1; &unknown; &", "<b> & €5 ñ ñ &unknown; &"},
      {"<head><title>t</title></head><style>p {}</style><script>x < y</script>seen", "seen"},
      {"a<!-- <p>no</p> -->b", "ab"},
      {"<a href=\"https://a.example/\">here</a>!", "here <https://a.example/>!"},
      {"<a href='https://a.example/'>a.example</a>", "a.example"},
      {"<a href=\"javascript:alert(1)\">here</a>", "here"},
      {"<blockquote>old</blockquote>new", "> old\n\nnew"},
      {"<span style=\"display: none\">hidden</span>seen", "seen"},
      {"<pre>a\n  b</pre>", "a\n  b"},
      {"1 < 2 and 3 > 2", "1 < 2 and 3 > 2"},
      {"<p title=\"a > b\">x</p>", "x"},
      {"<b>never", "never"},
      {"<", "<"},
      {"", ""},
      // An element that is hidden and never ends would swallow the message.
      {"<div style=\"display:none\">all of it", "all of it"},
  };
  for (const auto& [html, text] : cases) EXPECT_EQ(html_to_text(html).text, text) << html;
}

SENTENCE(html_text, "the marks of mail programs say where the quote begins") {
  for (const char* mark : {"<div class=\"gmail_quote\">", "<blockquote type=\"cite\">",
                           "<div id='x_divRplyFwdMsg'>", "<div class=\"moz-cite-prefix\">",
                           "<div data-reply-line=\"1\">", "<div class=yahoo_quoted>"}) {
    const auto read = html_to_text(std::string("<p>New</p>") + mark + "Old");
    ASSERT_TRUE(read.quoted_from) << mark;
    EXPECT_NE(read.text.substr(*read.quoted_from).find("Old"), std::string::npos) << mark;
    EXPECT_EQ(read.text.substr(0, *read.quoted_from).find("Old"), std::string::npos) << mark;
  }
  EXPECT_FALSE(html_to_text("<p>New</p><blockquote>mine</blockquote>").quoted_from);
}

SENTENCE(html_text, "hostile HTML costs no more than its length") {
  const std::clock_t start = std::clock();
  std::string nested;
  std::string quotes;
  std::string hidden;
  for (int i = 0; i < 200'000; ++i) {
    nested += "<blockquote>";
    quotes += "<a href=\"";
    hidden += "<p style='display:none'>";
  }
  for (const std::string& html : {nested, quotes, hidden, std::string(1'000'000, '<'),
                                  std::string(1'000'000, '&'), std::string(1'000'000, ' ')}) {
    html_to_text(html);
  }
  EXPECT_LT(std::clock() - start, 5 * CLOCKS_PER_SEC);
}

}  // namespace
}  // namespace cstims
