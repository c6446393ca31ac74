#include "html/layout.h"

namespace cstims {
namespace {

void fill_files(Dictionary& values, const LayoutFiles& files) {
  values.set("BOOTSTRAP", files.bootstrap);
  values.set("STYLE", files.style);
  values.set("THEME", files.theme);
  values.set("SCRIPT", files.script);
  values.set("LOGO", files.logo);
  values.set("FAVICON", files.favicon);
}

void fill_navigation(Dictionary& values, const std::vector<NavigationItem>& items) {
  if (items.empty()) return;
  Dictionary navigation = values.section("NAVIGATION");
  for (const NavigationItem& item : items) {
    Dictionary entry = navigation.section("ITEMS");
    entry.set("HREF", item.href);
    entry.set("LABEL", item.label);
    entry.show("CURRENT", item.current);
    if (item.count && *item.count > 0) entry.section("COUNTED").set("COUNT", *item.count);
  }
}

void fill_frame(Dictionary& values, const Layout& layout) {
  values.set("TITLE", layout.title);
  values.set("SITE", layout.site_name);
  values.set("LANGUAGE", layout.language);
  fill_files(values, layout.files);
  fill_navigation(values, layout.navigation);
  if (!layout.tagline.empty()) values.section("TAGLINED").set("TAGLINE", layout.tagline);
  if (layout.flash) values.section("FLASHED").set("FLASH", *layout.flash);
  if (!layout.contact.empty()) values.section("REACHABLE").set("CONTACT", layout.contact);
  if (layout.refresh_seconds > 0) {
    values.section("REFRESHED").set("SECONDS", layout.refresh_seconds);
  }
  values.show("SIGNED_OUT", layout.user_name.empty());
  if (!layout.user_name.empty()) {
    Dictionary user = values.section("SIGNED_IN");
    user.set("USER", layout.user_name);
    user.set("ROLE", layout.user_role);
  }
}

}  // namespace

std::string render_in_layout(const Renderer& renderer, const Layout& layout, std::string_view view,
                             const Fill& fill) {
  return renderer.render("layout.html", [&](Dictionary& values) {
    values.set_everywhere("CSRF", layout.csrf);
    fill_frame(values, layout);
    Dictionary content = values.include("CONTENT", view);
    fill(content);
  });
}

}  // namespace cstims
