#include "app/site_pages.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/embedded.h"
#include "base/failure.h"

namespace cstims {
namespace {

std::string text_of(const Site& site, const std::string& name) {
  if (!site.pages_folder.empty()) {
    std::ifstream file(std::filesystem::path(site.pages_folder) / name);
    if (file) {
      std::ostringstream content;
      content << file.rdbuf();
      return content.str();
    }
  }
  for (const auto& view : embedded_views()) {
    if (view.path == "page/" + name) return std::string(view.content);
  }
  throw NotFound("no page " + name);
}

/// The texts speak to clients: for staff, who would be refused there, the words of a link to a
/// client's page stand without the link.
std::string without_client_links(std::string text) {
  for (const std::string_view target : {"](/client)", "](/openticket)", "](/order)"}) {
    for (auto end = text.find(target); end != std::string::npos; end = text.find(target)) {
      const auto begin = text.rfind('[', end);
      text.erase(end, target.size());
      if (begin != std::string::npos) text.erase(begin, 1);
    }
  }
  return text;
}

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
  std::string text = text_of(context.site(), name);
  if (context.viewer.is_staff()) text = without_client_links(std::move(text));
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
