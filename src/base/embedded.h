// Files compiled into the program (views, static files, migrations, translations); see
// cmake/embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace cstims {

struct EmbeddedFile {
  std::string_view path;  // from the root of its set: "ticket/show.html"
  std::string_view content;
};

using EmbeddedFiles = std::span<const EmbeddedFile>;

EmbeddedFiles embedded_views();
EmbeddedFiles embedded_translations();
EmbeddedFiles embedded_static();
EmbeddedFiles embedded_migrations();

}  // namespace cstims
