// Pages and mail bodies from ctemplate templates with escaping by context. A page is a typed
// struct; its `fill` puts the values into a Dictionary. Templates are compiled in (views/),
// translated and parsed once at start.
//
// In a template:
//   {{%AUTOESCAPE context="HTML"}}   the first line of every .html (.txt, for mails, is not
//   escaped)
//   {{NAME}}                         a value, escaped for the place where it stands
//   {{#ROWS}}…{{/ROWS}}              a section: absent unless shown, once a round
//   {{>FORM}}                        a piece filled from another view: absent unless included
//   [[Sign in]]                      a text to translate; may hold values: [[Page {{PAGE}}]]
//   {{! … }}                         a comment
// Modifiers ({{NAME:none}}) are refused: what is markup is decided by the type Html alone. An
// address is written href="{{ADDRESS}}" or href="/tickets/{{ID}}"; parts of a query are encoded
// before (`query_text`). In .txt a line that holds nothing but section, include or comment marks
// leaves no line behind.
//
// A template that names a value its page does not fill, and a page that fills a name its template
// does not mention, fail in the tests (`strict`), never before a visitor. Sections and includes may
// stay unasked for.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/embedded.h"
#include "base/listing.h"
#include "base/money.h"
#include "base/refusal.h"

namespace cstims {

/// Markup that is known to be safe: only `render` and `markdown` make it.
class Html {
 public:
  const std::string& text() const { return text_; }
  static Html trusted(std::string markup) {
    return Html(std::move(markup));
  }  // uses are listed by bin/check

 private:
  explicit Html(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// CommonMark with tables of services, pages and announcements. Raw HTML and images are dropped,
/// links are only http(s), mailto and paths of this site, headings begin at level 2.
Html markdown(std::string_view text);

/// A page written in Markdown: its first line, "# Title", is the title.
struct MarkdownPage {
  std::string title;  // plain text; empty when the first line is no heading
  Html body;
};
MarkdownPage markdown_page(std::string_view text);

/// `text` percent-encoded for the query of an address (RFC 3986 §2.3: all but unreserved
/// characters).
std::string query_text(std::string_view text);

class Renderer;
class Values;

/// The values of one template or section. Cheap to copy (a view into one rendering).
class Dictionary {
 public:
  void set(std::string_view name, std::string_view text);  // escaped where it stands
  void set(std::string_view name,
           const Html& markup);  // as it is, in text; inside a tag it is escaped
  void set(std::string_view name, std::int64_t number);
  void set(std::string_view name, const Message& message);  // translated
  void set(std::string_view name, Date date);               // "23 Nov 2026"
  void set(std::string_view name, Instant instant);         // in the site's zone
  void set(std::string_view name, const Money& money);      // "12.30 €"
  /// Seen by the whole rendering, includes too (the csrf token of every form).
  void set_everywhere(std::string_view name, std::string_view text);
  /// The section NAME once (if `shown`); its inside sees the values of this dictionary.
  void show(std::string_view name, bool shown = true);
  /// One more round of the section.
  Dictionary section(std::string_view name);
  /// `{{>NAME}}` filled from another template. Its inside does not see this dictionary's values.
  /// Throws std::logic_error when there is no such view.
  Dictionary include(std::string_view name, std::string_view view);
  std::string translate(const Message& message) const;

  explicit Dictionary(Values& values) : values_(&values) {}

 private:
  Values* values_;
};

using Fill = std::function<void(Dictionary&)>;

/// Thread-safe after construction.
class Renderer {
 public:
  struct Options {
    std::string locale =
        "en";  // "es", "es_ES", "es-ES"; UsageError when there is no such catalogue
    TimeZone zone;
    bool strict =
        false;  // tests: rendering throws std::logic_error when names of view and page differ
  };
  /// Loads and parses all views; throws std::logic_error naming view and line when one is faulty.
  explicit Renderer(Options options);
  /// With other views and translations than those compiled in (tests).
  Renderer(Options options, EmbeddedFiles views, EmbeddedFiles translations);
  ~Renderer();

  /// Throws std::logic_error when there is no such view.
  std::string render(std::string_view view, const Fill& fill) const;
  std::string translate(const Message& message) const;
  /// "23 Nov 2026" and "23 Nov 2026, 04:14", with the month in the site's language.
  std::string show(Date date) const;
  std::string show(Instant instant) const;
  const Options& options() const { return options_; }

 private:
  friend class Dictionary;
  std::string with_month(std::string english) const;
  Options options_;
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace cstims
