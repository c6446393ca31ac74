// Pages and mail bodies from ctemplate templates with escaping by context. A page is a typed struct; its `fill` puts the values
// into a Dictionary. Templates are compiled in (views/), translated and parsed once at start.
//
// In a template: `{{%AUTOESCAPE context="HTML"}}` is the first line (mail texts: `context="TEXT"` is not needed: *.txt are not escaped);
// `{{NAME}}` a value, `{{#ROWS}}…{{/ROWS}}` a section, `{{>FORM}}` an included piece, `[[Sign in]]` a text to translate.
// A template that names something its page does not fill fails in the tests (`strict`), never before a visitor.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/listing.h"
#include "base/money.h"
#include "base/refusal.h"

namespace ctemplate {
class TemplateDictionary;
}

namespace cstims {

/// Markup that is known to be safe: only `render` and `markdown` make it.
class Html {
 public:
  const std::string& text() const { return text_; }
  static Html trusted(std::string markup) { return Html(std::move(markup)); }  // uses are listed by bin/check

 private:
  explicit Html(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// CommonMark of services, pages and announcements; raw HTML is dropped, links only http(s) and mailto.
Html markdown(std::string_view text);

class Renderer;

/// The values of one template or section. Cheap to copy (a view into one rendering).
class Dictionary {
 public:
  void set(std::string_view name, std::string_view text);  // escaped where it stands
  void set(std::string_view name, const Html& markup);
  void set(std::string_view name, std::int64_t number);
  void set(std::string_view name, const Message& message);  // translated
  void set(std::string_view name, Date date);               // "23 Nov 2026"
  void set(std::string_view name, Instant instant);         // in the site's zone
  void set(std::string_view name, const Money& money);      // "12.30 €"
  /// The section NAME once (if `shown`); its inside sees the values of this dictionary.
  void show(std::string_view name, bool shown = true);
  /// One more round of the section.
  Dictionary section(std::string_view name);
  /// `{{>NAME}}` filled from another template. Its inside does not see this dictionary's values.
  Dictionary include(std::string_view name, std::string_view view);
  std::string translate(const Message& message) const;

  Dictionary(ctemplate::TemplateDictionary* values, const Renderer* renderer) : values_(values), renderer_(renderer) {}

 private:
  ctemplate::TemplateDictionary* values_;
  const Renderer* renderer_;
};

using Fill = std::function<void(Dictionary&)>;

/// Thread-safe after construction.
class Renderer {
 public:
  struct Options {
    std::string locale = "en";
    TimeZone zone;
    bool strict = false;  // tests: rendering throws std::logic_error when a name of the template was not filled
  };
  /// Loads and parses all views; throws std::logic_error naming view and line when one is faulty.
  explicit Renderer(Options options);
  ~Renderer();

  std::string render(std::string_view view, const Fill& fill) const;
  std::string translate(const Message& message) const;
  const Options& options() const { return options_; }

 private:
  Options options_;
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace cstims
