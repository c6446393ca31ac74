#include "html/renderer.h"

#include "html/layout.h"
#include "support/sentence.h"

using namespace cstims;

namespace {

const Renderer& renderer() {
  static const Renderer strict(
      {.locale = "en", .zone = TimeZone::find("Europe/Madrid").value(), .strict = true});
  return strict;
}

}  // namespace

SENTENCE(renderer, "all views are read and parsed") {
  renderer();
}
