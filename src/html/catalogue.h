// Translations: gettext .po catalogues, read strictly once at start.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace cstims {

/// English text → text of one language.
class Catalogue {
 public:
  /// Throws std::logic_error naming `name` and the line for anything but comments, msgid and
  /// msgstr, for a text given twice, and for a translation whose places (`{}`, `{{NAME}}`) differ
  /// from those of its original. Fuzzy and empty entries count as absent.
  static Catalogue parse(std::string_view name, std::string_view po);

  /// The translation, or `english` itself. The result lives as long as both.
  std::string_view find(std::string_view english) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace cstims
