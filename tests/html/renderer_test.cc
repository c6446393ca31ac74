#include "html/renderer.h"

#include "base/failure.h"
#include "html/catalogue.h"
#include "html/components.h"
#include "html/view_source.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

constexpr std::string_view first_line = "{{%AUTOESCAPE context=\"HTML\"}}\n";

using Views = std::vector<std::pair<std::string, std::string>>;

/// A renderer of views and a Spanish catalogue made up by the test.
class OwnRenderer {
 public:
  OwnRenderer(Views views, std::string locale = "en", std::string po = "")
      : views_(std::move(views)), po_(std::move(po)) {
    for (auto& [path, content] : views_) {
      if (path.ends_with(".html")) content.insert(0, first_line);
      view_files_.push_back({path, content});
    }
    translation_files_.push_back({"es.po", po_});
    renderer_ = std::make_unique<Renderer>(
        Renderer::Options{std::move(locale), TimeZone::find("Europe/Madrid").value(), true},
        view_files_, translation_files_);
  }
  std::string render(
      std::string_view view, const Fill& fill = [](Dictionary&) {}) const {
    return renderer_->render(view, fill);
  }
  const Renderer* operator->() const { return renderer_.get(); }

 private:
  Views views_;
  std::string po_;
  std::vector<EmbeddedFile> view_files_, translation_files_;
  std::unique_ptr<Renderer> renderer_;
};

std::string rendered(const std::string& view, const Fill& fill) {
  return OwnRenderer(Views{{"a.html", view}}).render("a.html", fill);
}

std::string with_value(const std::string& view, std::string_view value) {
  return rendered(view, [&](Dictionary& values) { values.set("V", value); });
}

std::string complaint(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "";
}

std::string complaint_about(
    const std::string& view, const Fill& fill = [](Dictionary&) {}) {
  return complaint([&] { rendered(view, fill); });
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

SENTENCE(renderer, "all views are read and parsed, in every language") {
  for (const char* locale : {"en", "es", "es_ES", "es-ES"}) {
    const Renderer renderer({locale, TimeZone::find("Europe/Madrid").value(), true});
  }
}

SENTENCE(renderer, "an unknown language is refused with the known ones named") {
  try {
    const Renderer renderer({"xx", TimeZone::find("Europe/Madrid").value(), true});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_TRUE(has(error.what(), "known are en, es")) << error.what();
  }
}

SENTENCE(escaping, "text between tags keeps its line breaks and loses its markup") {
  EXPECT_EQ(with_value("<p>{{V}}</p>", "<b>&\"'\n\n  x"),
            "<p>&lt;b&gt;&amp;&quot;&#39;\n\n  x</p>");
}

SENTENCE(escaping, "an attribute cannot be left") {
  EXPECT_EQ(with_value("<p title=\"{{V}}\">x</p>", "\" onclick=\"alert(1)"),
            "<p title=\"&quot; onclick=&quot;alert(1)\">x</p>");
  EXPECT_EQ(with_value("<input value=\"{{V}}\">", "a\"\nb"), "<input value=\"a&quot;\nb\">");
}

SENTENCE(escaping, "an address with a script becomes none") {
  for (const char* address : {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)",
                              "java\nscript:alert(1)", "data:text/html,<script>", "vbscript:x"}) {
    const std::string page = with_value("<a href=\"{{V}}\">x</a>", address);
    EXPECT_EQ(page, "<a href=\"#\">x</a>") << address;
  }
  EXPECT_EQ(with_value("<a href=\"{{V}}\">x</a>", "/tickets/1?a=b&c=d"),
            "<a href=\"/tickets/1?a=b&amp;c=d\">x</a>");
  EXPECT_EQ(with_value("<form action=\"{{V}}\"></form>", "javascript:x"),
            "<form action=\"#\"></form>");
}

SENTENCE(escaping, "the title and a text area cannot be closed from inside") {
  EXPECT_EQ(with_value("<title>{{V}}</title>", "</title><script>"),
            "<title>&lt;/title&gt;&lt;script&gt;</title>");
  EXPECT_EQ(with_value("<textarea>{{V}}</textarea>", "</textarea>\nx"),
            "<textarea>&lt;/textarea&gt;\nx</textarea>");
}

SENTENCE(escaping, "NUL and long texts pass through unharmed") {
  const std::string nul("a\0b<", 4);
  EXPECT_EQ(with_value("<p>{{V}}</p>", nul), std::string("<p>a\0b&lt;</p>", 14));
  const std::string large(200'000, '<');
  EXPECT_EQ(with_value("<p>{{V}}</p>", large).size(), 7 + 4 * large.size());
}

SENTENCE(escaping, "trusted markup stands as it is, and only where markup may stand") {
  const Html markup = markdown("*x*");
  const auto fill = [&](Dictionary& values) {
    values.set("V", markup);
    values.set("W", "<em>");
  };
  EXPECT_EQ(rendered("<div>{{V}}{{W}}{{V}}</div>", fill),
            "<div><p><em>x</em></p>\n&lt;em&gt;<p><em>x</em></p>\n</div>");
  EXPECT_EQ(complaint_about("<p title=\"{{V}}\">{{W}}</p>", fill),
            "markup cannot stand inside a tag");
}

SENTENCE(escaping, "a text cannot pass for trusted markup") {
  // Markup is told apart by its place in memory; a lone NUL, which stands in for it, is just text.
  EXPECT_EQ(rendered("<p>{{V}}{{W}}</p>",
                     [](Dictionary& values) {
                       values.set("V", Html::trusted("<b>"));
                       values.set("W", std::string_view("\0", 1));
                     }),
            std::string("<p><b>\0</p>", 11));
}

SENTENCE(escaping, "mails in plain text are not escaped and keep their lines") {
  const OwnRenderer renderer(
      Views{{"mail/a.txt",
             "Ticket {{N}}\n\nHello {{NAME}},\n{{! a note }}\n{{#LINES}}\n"
             "- {{LINE}}\n{{/LINES}}\n{{#NONE}}\nnothing\n{{/NONE}}\n\nBye\n"}});
  const std::string mail = renderer.render("mail/a.txt", [](Dictionary& values) {
    values.set("N", std::int64_t{7});
    values.set("NAME", "<Ada> & \"Co\"");
    values.section("LINES").set("LINE", "one");
    values.section("LINES").set("LINE", "two");
  });
  EXPECT_EQ(mail, "Ticket 7\n\nHello <Ada> & \"Co\",\n- one\n- two\n\nBye\n");
}

SENTENCE(views, "the first line of every page must switch escaping on") {
  EXPECT_EQ(complaint([] { prepare_view("x.html", "<p>\n", {}); }),
            "view x.html, line 1: the first line must be {{%AUTOESCAPE context=\"HTML\"}}");
  EXPECT_EQ(complaint([] { prepare_view("x.txt", "Subject\n", {}); }), "");
}

SENTENCE(views, "faults of a view are named with their line") {
  EXPECT_EQ(complaint_about("\n<p>{{V:none}}</p>"),
            "view a.html, line 3: {{V:none}} is no name like TOTAL_2");
  EXPECT_EQ(complaint_about("{{#A}}\n{{/B}}"), "view a.html, line 3: B closes no section");
  EXPECT_EQ(complaint_about("{{#A}}\n"), "view a.html, line 3: section A is not closed");
  EXPECT_EQ(complaint_about("{{V"), "view a.html, line 2: a mark has no }}");
  EXPECT_EQ(complaint_about("[[Sign in"), "view a.html, line 2: a text to translate has no ]]");
  EXPECT_EQ(complaint_about("{{lower}}"), "view a.html, line 2: {{lower}} is no name like TOTAL_2");
  EXPECT_EQ(complaint_about("{{=| |=}}"), "view a.html, line 2: {{=| |=}} is no name like TOTAL_2");
}

SENTENCE(views, "an attribute that takes an address must be quoted") {
  testing::internal::CaptureStderr();
  EXPECT_EQ(complaint_about("<a href={{V}}>x</a>"), "view a.html: ctemplate refused it, see above");
  testing::internal::GetCapturedStderr();
}

SENTENCE(views, "a hidden section leaves no line behind") {
  const Fill fill = [](Dictionary& values) {
    values.section("ROWS").set("V", "1");
    values.section("ROWS").set("V", "2");
  };
  EXPECT_EQ(rendered("<ul>\n  {{#NONE}}<li>none</li>{{/NONE}}\n  {{#ROWS}}<li>{{V}}</li>{{/ROWS}}\n"
                     "</ul>\n",
                     fill),
            "<ul>\n<li>1</li>\n<li>2</li>\n</ul>\n");
}

SENTENCE(strict, "a value that is not filled is named") {
  EXPECT_EQ(complaint_about("<p>{{V}}{{V}}</p>"),
            "view a.html: a.html names the value V, which is not filled");
  EXPECT_EQ(complaint_about("<p>{{#S}}{{V}}{{/S}}</p>"), "");
  EXPECT_EQ(
      complaint_about("<p>{{#S}}{{V}}{{/S}}</p>", [](Dictionary& values) { values.show("S"); }),
      "view a.html: a.html names the value V, which is not filled");
}

SENTENCE(strict, "a name that the view does not mention is named") {
  EXPECT_EQ(complaint_about("<p>x</p>", [](Dictionary& values) { values.set("W", "1"); }),
            "view a.html: the value W is filled, but a.html does not mention it");
  EXPECT_EQ(complaint_about("<p>{{S}}</p>",
                            [](Dictionary& values) {
                              values.set("S", "");
                              values.section("S");
                            }),
            "view a.html: the section S is filled, but a.html does not mention it");
  EXPECT_EQ(
      complaint_about("<p>x</p>", [](Dictionary& values) { values.include("FORM", "a.html"); }),
      "view a.html: the include FORM is filled, but a.html does not mention it");
}

SENTENCE(strict, "a visitor never meets either: the page is drawn without") {
  const std::vector<EmbeddedFile> views = {
      {"a.html", "{{%AUTOESCAPE context=\"HTML\"}}\n<p>{{V}}</p>"}};
  const Renderer lenient({"en", TimeZone::find("UTC").value(), false}, views, {});
  EXPECT_EQ(lenient.render("a.html", [](Dictionary& values) { values.set("W", "1"); }), "<p></p>");
}

SENTENCE(sections, "an inner section sees outer values, an included view does not") {
  const OwnRenderer renderer(
      Views{{"a.html", "{{#S}}{{#T}}{{V}}{{/T}}{{>PIECE}}{{/S}}"}, {"b.html", "({{V}}{{CSRF}})"}});
  const auto fill = [](Dictionary& values, bool piece_too) {
    values.set_everywhere("CSRF", "token");
    values.set("V", "outer");
    Dictionary inner = values.section("S");
    inner.show("T");
    Dictionary piece = inner.include("PIECE", "b.html");
    if (piece_too) piece.set("V", "piece");
  };
  EXPECT_EQ(renderer.render("a.html", [&](Dictionary& values) { fill(values, true); }),
            "outer(piecetoken)");
  EXPECT_EQ(complaint([&] {
              renderer.render("a.html", [&](Dictionary& values) { fill(values, false); });
            }),
            "view a.html: b.html names the value V, which is not filled");
}

SENTENCE(sections, "pieces included twice stand in order, unknown ones are refused") {
  const OwnRenderer renderer(
      Views{{"a.html", "{{>P}}"}, {"b.html", "b{{V}}"}, {"c.html", "c{{V}}"}});
  EXPECT_EQ(renderer.render("a.html",
                            [](Dictionary& values) {
                              values.include("P", "b.html").set("V", "1");
                              values.include("P", "c.html").set("V", "2");
                            }),
            "b1c2");
  EXPECT_EQ(complaint([&] {
              renderer.render("a.html", [](Dictionary& values) { values.include("P", "x.html"); });
            }),
            "there is no view x.html");
}

SENTENCE(sections, "showing can be taken back, a later value replaces an earlier one") {
  EXPECT_EQ(rendered("{{#S}}s{{/S}}{{V}}",
                     [](Dictionary& values) {
                       values.show("S");
                       values.show("S", false);
                       values.set("V", "1");
                       values.set("V", "2");
                     }),
            "2");
}

SENTENCE(values, "dates, instants and money are written for people") {
  const Fill fill = [](Dictionary& values) {
    values.set("DATE", Date(2026, 11, 23));
    values.set("AT", Instant(1'793'000'000));
    values.set("SUM", Money(1230, Currency::eur()));
    values.set("N", std::int64_t{-5});
  };
  EXPECT_EQ(rendered("{{DATE}}|{{AT}}|{{SUM}}|{{N}}", fill),
            "23 Nov 2026|26 Oct 2026, 08:33|12.30 €|-5");
}

SENTENCE(translation, "views, messages and months speak the language of the site") {
  const OwnRenderer renderer(
      Views{{"a.html",
             "<p title=\"[[Sign in]]\">[[Sign in]] [[Page\n   {{PAGE}} of {{PAGES}}]] "
             "{{MESSAGE}} {{DATE}} [[Not there]]</p>"}},
      "es",
      "msgid \"Sign in\"\nmsgstr \"<Entrar> \\\"ya\\\"\"\n\n"
      "msgid \"Page {{PAGE}} of {{PAGES}}\"\nmsgstr \"De {{PAGES}}, la {{PAGE}}\"\n\n"
      "msgid \"Nov\"\nmsgstr \"nov\"\n\n"
      "msgid \"{} of {}\"\nmsgstr \"{} \"\n\"de {}\"\n");
  const std::string page = renderer.render("a.html", [](Dictionary& values) {
    values.set("PAGE", std::int64_t{1});
    values.set("PAGES", std::int64_t{9});
    values.set("MESSAGE", message("{} of {}", {"<a>", "b"}));
    values.set("DATE", Date(2026, 11, 23));
  });
  EXPECT_EQ(page,
            "<p title=\"&lt;Entrar&gt; &quot;ya&quot;\">&lt;Entrar&gt; &quot;ya&quot; De 9, la 1 "
            "&lt;a&gt; de b 23 nov 2026 Not there</p>");
  EXPECT_EQ(renderer->translate(message("{} of {}", {"1", "2"})), "1 de 2");
}

SENTENCE(translation, "a catalogue that is not sound is refused with its line") {
  const auto fault = [](std::string_view po) {
    return complaint([&] { Catalogue::parse("es.po", po); });
  };
  EXPECT_EQ(fault("msgid \"a {}\"\nmsgstr \"b\"\n"),
            "translation es.po, line 2: the places {} or {{NAME}} differ from the original's");
  EXPECT_EQ(fault("msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\"\n"),
            "translation es.po, line 5: this text is translated twice");
  EXPECT_EQ(fault("msgid \"a\"\n\n"), "translation es.po, line 2: msgid without msgstr");
  EXPECT_EQ(fault("msgid \"a\" x\n"),
            "translation es.po, line 1: a text in double quotes is missing");
  EXPECT_EQ(fault("msgid \"a\"b\"\n"),
            "translation es.po, line 1: a quote inside the text needs a backslash");
  EXPECT_EQ(fault("msgid \"a\"\nmsgid_plural \"b\"\n"),
            "translation es.po, line 2: only msgid, msgstr and comments are understood");
  EXPECT_EQ(fault("msgid \"\\x\"\n"),
            "translation es.po, line 1: unknown escape after a backslash");
}

SENTENCE(translation, "fuzzy, empty and old entries do not count") {
  const Catalogue catalogue = Catalogue::parse(
      "es.po",
      "msgid \"\"\nmsgstr \"Language: es\\n\"\n\n#, fuzzy\nmsgid \"a\"\nmsgstr \"x\"\n\n"
      "msgid \"b\"\nmsgstr \"\"\n\n#~ msgid \"c\"\n#~ msgstr \"z\"\n#: f.cc\r\nmsgid \"d\"\r\n"
      "msgstr \"\"\n\"d\\n\"\n\"d\"");
  EXPECT_EQ(catalogue.find("a"), "a");
  EXPECT_EQ(catalogue.find("b"), "b");
  EXPECT_EQ(catalogue.find("c"), "c");
  EXPECT_EQ(catalogue.find("d"), "d\nd");
  EXPECT_EQ(catalogue.find(""), "");
}

SENTENCE(addresses, "parts of a query are percent-encoded") {
  EXPECT_EQ(query_text("a-Z_0.9~"), "a-Z_0.9~");
  EXPECT_EQ(query_text("a b&c=d+é/\n"), "a%20b%26c%3Dd%2B%C3%A9%2F%0A");
}
