#include "app/site_pages.h"

#include "html/operator_text.h"

namespace cstims {
namespace {

struct SitePage {
  static constexpr std::string_view view = "page/show.html";
  MarkdownPage content;
  Message title() const { return Message{content.title, {}}; }
};

void fill(Dictionary& values, const SitePage& page) {
  values.set("TITLE", page.content.title);
  values.set("BODY", page.content.body);
}

Response show_site_page(Context& context, const std::string& name) {
  const auto text = operator_text(context.site(), name, context.viewer.is_staff());
  return render(context, SitePage{markdown_page(text)});
}

}  // namespace

Response show_pay_page(Context& context) {
  return show_site_page(context, "pay.md");
}

Response show_privacy_page(Context& context) {
  return show_site_page(context, "privacy.md");
}

Response show_terms_page(Context& context) {
  return show_site_page(context, "terms.md");
}

}  // namespace cstims
