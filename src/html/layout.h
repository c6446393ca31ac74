// The frame around every page: head, navigation, flash, footer (views/layout.html). Filled by
// app/frame.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "html/renderer.h"

namespace cstims {

struct NavigationItem {
  std::string href;
  Message label;
  bool current = false;
  std::optional<int> count = {};  // a small number beside the label; absent: none
};

/// Addresses of static files, with their checksums.
struct LayoutFiles {
  std::string bootstrap, style, theme, script, logo, favicon;
};

struct Layout {
  Message title;  // of the browser's window; the site's name is appended
  std::string site_name, language = "en", tagline;
  LayoutFiles files;
  std::vector<NavigationItem> navigation;
  std::string user_name, user_role;  // empty: nobody is signed in
  std::string csrf;                  // the token of every form on the page
  std::optional<Message> flash = {};
  std::string contact;      // e-mail address in the footer
  int refresh_seconds = 0;  // the page reads itself again, where no script does it better; 0: never
};

/// The page `view`, filled by `fill`, in the layout.
std::string render_in_layout(const Renderer& renderer, const Layout& layout, std::string_view view,
                             const Fill& fill);

}  // namespace cstims
