#include "html/renderer.h"

#include <ctemplate/template_cache.h>
#include <fmt/format.h>

#include <array>
#include <map>
#include <stdexcept>

#include "base/failure.h"
#include "html/catalogue.h"
#include "html/values.h"
#include "html/view_source.h"

namespace cstims {

struct View {
  std::string path;
  ViewNames names;
  ctemplate::Strip strip;
};

namespace {

/// As `show` of date.h names them.
const std::array<Message, 12>& english_months() {
  static const std::array<Message, 12> months = {message("Jan"), message("Feb"), message("Mar"),
                                                 message("Apr"), message("May"), message("Jun"),
                                                 message("Jul"), message("Aug"), message("Sep"),
                                                 message("Oct"), message("Nov"), message("Dec")};
  return months;
}

}  // namespace

struct Renderer::Loaded {
  Catalogue catalogue;
  bool other_months = false;  // in this language
  std::map<std::string, View, std::less<>> views;
  ctemplate::TemplateCache templates;

  const View& view(std::string_view path) const {
    const auto found = views.find(path);
    if (found == views.end()) throw std::logic_error(fmt::format("there is no view {}", path));
    return found->second;
  }
};

namespace {

Catalogue load_catalogue(std::string_view locale, EmbeddedFiles translations) {
  const std::string language(locale.substr(0, locale.find_first_of("_-.")));
  if (language == "en" || language == "C") return {};
  std::string known = "en";
  for (const EmbeddedFile& file : translations) {
    if (file.path == language + ".po") return Catalogue::parse(file.path, file.content);
    known += ", " + std::string(file.path.substr(0, file.path.find('.')));
  }
  throw UsageError(
      fmt::format("there is no translation for the locale {}; known are {}", locale, known));
}

/// Mails in plain text keep every line as written.
ctemplate::Strip strip_of(std::string_view path) {
  return path.ends_with(".html") ? ctemplate::STRIP_BLANK_LINES : ctemplate::DO_NOT_STRIP;
}

[[noreturn]] void fail(std::string_view view, const std::vector<std::string>& complaints) {
  throw std::logic_error(fmt::format("view {}: {}", view, fmt::join(complaints, "; ")));
}

}  // namespace

Renderer::Renderer(Options options)
    : Renderer(std::move(options), embedded_views(), embedded_translations()) {}

Renderer::Renderer(Options options, EmbeddedFiles views, EmbeddedFiles translations)
    : options_(std::move(options)), loaded_(std::make_unique<Loaded>()) {
  loaded_->catalogue = load_catalogue(options_.locale, translations);
  loaded_->other_months = std::ranges::any_of(english_months(), [&](const Message& month) {
    return loaded_->catalogue.find(month.text) != month.text;
  });
  for (const EmbeddedFile& file : views) {
    if (!file.path.ends_with(".html") && !file.path.ends_with(".txt")) continue;
    ViewSource source = prepare_view(file.path, file.content, loaded_->catalogue);
    const std::string path(file.path);
    const ctemplate::Strip strip = strip_of(path);
    if (!loaded_->templates.StringToTemplateCache(path, source.text, strip)) {
      throw std::logic_error(fmt::format("view {}: ctemplate refused it, see above", path));
    }
    loaded_->views.emplace(path, View{path, std::move(source.names), strip});
  }
  loaded_->templates.Freeze();
}

Renderer::~Renderer() = default;

std::string Renderer::render(std::string_view path, const Fill& fill) const {
  const View& view = loaded_->view(path);
  Rendering rendering(*this, options_.strict);
  Values& root = rendering.make_values(view.path, view.names, nullptr);
  rendering.everywhere = &rendering.make_values(view.path, view.names, nullptr);
  Dictionary values(root);
  values.set_everywhere("CSRF", "");
  fill(values);
  std::string page;
  page.reserve(16 * 1024);
  Output output(rendering, page);
  if (!loaded_->templates.ExpandNoLoad(view.path, view.strip, &root, nullptr, &output)) {
    throw std::logic_error(fmt::format("view {} could not be expanded", path));
  }
  if (!rendering.complaints().empty()) fail(path, rendering.complaints());
  return page;
}

std::string Renderer::translate(const Message& message) const {
  const std::string_view text = loaded_->catalogue.find(message.text);
  if (message.arguments.empty()) return std::string(text);
  return Message{std::string(text), message.arguments}.english();
}

std::string Renderer::show(Date date) const {
  return with_month(cstims::show(date));
}

std::string Renderer::show(Instant instant) const {
  return with_month(options_.zone.show(instant));
}

/// "23 Nov 2026 …" with the month of the site's language.
std::string Renderer::with_month(std::string english) const {
  if (!loaded_->other_months) return english;
  const std::size_t place = english.find(' ') + 1;
  for (const Message& month : english_months()) {
    if (english.compare(place, 3, month.text) != 0) continue;
    return english.replace(place, 3, loaded_->catalogue.find(month.text));
  }
  throw std::logic_error("no month in " + english);
}

void Dictionary::set(std::string_view name, std::string_view text) {
  values_->set(name, values_->rendering().copy(text));
}

void Dictionary::set(std::string_view name, const Html& markup) {
  values_->set(name, values_->rendering().stand_in(markup.text()));
}

void Dictionary::set(std::string_view name, std::int64_t number) {
  set(name, std::string_view(fmt::format_int(number).c_str()));
}

void Dictionary::set(std::string_view name, const Message& message) {
  set(name, std::string_view(translate(message)));
}

void Dictionary::set(std::string_view name, Date date) {
  set(name, std::string_view(values_->rendering().renderer.show(date)));
}

void Dictionary::set(std::string_view name, Instant instant) {
  set(name, std::string_view(values_->rendering().renderer.show(instant)));
}

void Dictionary::set(std::string_view name, const Money& money) {
  set(name, std::string_view(money.show()));
}

void Dictionary::set_everywhere(std::string_view name, std::string_view text) {
  Rendering& rendering = values_->rendering();
  rendering.everywhere->set(name, rendering.copy(text));
}

void Dictionary::show(std::string_view name, bool shown) {
  values_->show(name, shown);
}

Dictionary Dictionary::section(std::string_view name) {
  return Dictionary(values_->add_round(name));
}

Dictionary Dictionary::include(std::string_view name, std::string_view path) {
  const View& view = values_->rendering().renderer.loaded_->view(path);
  return Dictionary(values_->add_include(name, view.path.c_str(), view.names));
}

std::string Dictionary::translate(const Message& message) const {
  return values_->rendering().renderer.translate(message);
}

}  // namespace cstims
