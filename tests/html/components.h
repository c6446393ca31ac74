// The gallery of forms and lists (views/dev/components.html): drawn for the tests, the browser and
// the eye.
#pragma once

#include "html/form_view.h"
#include "html/layout.h"

namespace cstims::test {

const Renderer& strict_renderer();
Layout sample_layout();
ListView sample_list();
Form sample_form();
std::string components_page();

}  // namespace cstims::test
