// Escaping by hand, for the few places that do not go through a view: translated texts of views,
// Markdown's links and the cells of lists (which are many).
#pragma once

#include <string>
#include <string_view>

namespace cstims {

/// Safe between tags and in quoted attributes.
void append_escaped(std::string& html, std::string_view text);

/// http, https, mailto, a path of this site or a place on the page; nothing that runs or leads away
/// unseen.
bool is_safe_address(std::string_view address);

}  // namespace cstims
