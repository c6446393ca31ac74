// A view before ctemplate sees it: checked, translated, and with the names it mentions.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "html/catalogue.h"

namespace cstims {

struct ViewNames {
  using Names = std::set<std::string, std::less<>>;
  Names variables, sections, includes;
};

struct ViewSource {
  std::string text;  // for ctemplate
  ViewNames names;
};

/// Throws std::logic_error naming view and line when the first line does not switch escaping on
/// (.html), for modifiers, unknown marks, sections that are not closed, and texts to translate that
/// are not ended.
ViewSource prepare_view(std::string_view path, std::string_view content,
                        const Catalogue& catalogue);

}  // namespace cstims
