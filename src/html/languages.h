// One renderer a language, for mails in the language of who gets them.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "html/renderer.h"

namespace cstims {

struct Language {
  std::string locale;  // "es"
  std::string name;    // "Español", in itself
};
/// English and those of po/.
const std::vector<Language>& known_languages();

/// Thread-safe. A language's views are loaded when first asked for.
class Languages {
 public:
  explicit Languages(const Renderer& of_site) : of_site_(of_site) {}

  /// The site's own for its language, for an empty or an unknown one.
  const Renderer& in(std::string_view locale) const;

 private:
  const Renderer& of_site_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::unique_ptr<Renderer>, std::less<>> others_;
};

}  // namespace cstims
