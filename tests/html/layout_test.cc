#include "html/layout.h"

#include "html/components.h"
#include "support/sentence.h"

using namespace cstims;
using namespace cstims::test;

namespace {

std::string framed(const Layout& layout) {
  return render_in_layout(strict_renderer(), layout, "page/show.html", [](Dictionary& page) {
    page.set("TITLE", "Inside");
    page.set("BODY", markdown("text"));
  });
}

bool has(std::string_view page, std::string_view part) {
  return page.find(part) != page.npos;
}

}  // namespace

SENTENCE(layout, "the frame names page and site, marks where one is, and lets one sign out") {
  const std::string page = framed(sample_layout());
  EXPECT_TRUE(has(page, "<title>Components · ARFNET</title>"));
  EXPECT_TRUE(has(page, R"(<a href="/helpdesk" aria-current="page">Home</a>)"));
  EXPECT_TRUE(has(page, R"(Tickets <span class="count">12</span>)"));
  EXPECT_TRUE(has(
      page,
      R"(action="/logout" method="post"><input type="hidden" name="csrf" value="sample-token">)"));
  EXPECT_TRUE(has(page, R"(<p class="flash" role="status">The ticket was assigned to you.</p>)"));
  EXPECT_TRUE(has(page, R"(<a href="mailto:admin@arf20.com">)"));
  EXPECT_FALSE(has(page, "href=\"/login\""));
}

SENTENCE(layout, "nobody signed in sees the doors instead") {
  Layout layout = sample_layout();
  layout.user_name.clear();
  layout.navigation.clear();
  layout.flash.reset();
  const std::string page = framed(layout);
  EXPECT_TRUE(has(page, "href=\"/login\""));
  EXPECT_FALSE(has(page, "/logout"));
  EXPECT_FALSE(has(page, "<nav"));
  EXPECT_FALSE(has(page, "class=\"flash\""));
}

SENTENCE(layout, "what people chose as names is escaped in the frame too") {
  Layout layout = sample_layout();
  layout.title = Message{"<title>", {}};
  layout.site_name = "<site>";
  layout.user_name = "<user>";
  layout.flash = message("Hello {}", {"<flash>"});
  const std::string page = framed(layout);
  for (const char* raw : {"<title></title>", "<title><title>", "<site>", "<user>", "<flash>"}) {
    EXPECT_FALSE(has(page, raw)) << raw;
  }
  EXPECT_TRUE(has(page, "Hello &lt;flash&gt;"));
}

SENTENCE(layout, "the frame needs neither inline scripts nor inline styles") {
  const std::string page = components_page();
  EXPECT_FALSE(has(page, "style="));
  EXPECT_FALSE(has(page, "<style"));
  EXPECT_FALSE(has(page, "<script>"));
  EXPECT_FALSE(has(page, " onclick"));
}
