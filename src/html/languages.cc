#include "html/languages.h"

#include <algorithm>

namespace cstims {
namespace {

std::string_view language_of(std::string_view locale) {
  return locale.substr(0, locale.find_first_of("_-."));
}

/// Of those that can be, what they call themselves.
std::string own_name(const std::string& locale) {
  static const std::map<std::string, std::string> names{{"en", "English"}, {"es", "Español"}};
  const auto found = names.find(locale);
  return found == names.end() ? locale : found->second;
}

}  // namespace

const std::vector<Language>& known_languages() {
  static const std::vector<Language> languages = [] {
    std::vector<Language> found{{"en", own_name("en")}};
    for (const EmbeddedFile& file : embedded_translations()) {
      if (!file.path.ends_with(".po")) continue;
      const std::string locale(file.path.substr(0, file.path.find('.')));
      found.push_back({locale, own_name(locale)});
    }
    return found;
  }();
  return languages;
}

const Renderer& Languages::in(std::string_view locale) const {
  const auto& languages = known_languages();
  const bool known = std::ranges::find(languages, locale, &Language::locale) != languages.end();
  if (!known || locale == language_of(of_site_.options().locale)) return of_site_;
  const std::lock_guard lock(mutex_);
  auto& renderer = others_[std::string(locale)];
  if (!renderer) {
    auto options = of_site_.options();
    options.locale = locale;
    renderer = std::make_unique<Renderer>(std::move(options));
  }
  return *renderer;
}

}  // namespace cstims
