#include "app/frame.h"

#include "html/layout.h"
#include "http/csrf.h"
#include "http/static_files.h"

namespace cstims {
namespace {

const LayoutFiles& layout_files() {
  static const LayoutFiles files{.bootstrap = static_address("bootstrap.min.css"),
                                 .style = static_address("app.css"),
                                 .theme = static_address("theme.js"),
                                 .script = static_address("app.js"),
                                 .logo = static_address("logo.svg"),
                                 .favicon = static_address("favicon.svg")};
  return files;
}

using Items = std::vector<NavigationItem>;

Items navigation_of(Role role) {
  switch (role) {
    case Role::client:
      return {{"/client", message("Overview")},
              {"/order", message("Order")},
              {"/openticket", message("Open a ticket")}};
    case Role::helpdesk:
      return {{"/helpdesk", message("Helpdesk")},
              {"/inbox", message("Inbox")},
              {"/cannedreplies", message("Canned replies")}};
    case Role::accountant:
      return {{"/accountant", message("Invoices")},
              {"/payments", message("Payments")},
              {"/accounting", message("Books")},
              {"/billing/runs", message("Billing runs")}};
    case Role::admin:
      return {{"/admin", message("Overview")},
              {"/manageusers", message("Users")},
              {"/manageservices", message("Services")},
              {"/manageorders", message("Orders")},
              {"/managetickets", message("Tickets")},
              {"/manageinvoices", message("Invoices")},
              {"/helpdesk", message("Helpdesk")},
              {"/accountant", message("Accounting")},
              {"/payments", message("Payments")},
              {"/inbox", message("Inbox")},
              {"/outbox", message("Outbox")}};
    default:
      return {};
  }
}

Message name_of(Role role) {
  switch (role) {
    case Role::client:
      return message("client");
    case Role::helpdesk:
      return message("helpdesk");
    case Role::accountant:
      return message("accountant");
    case Role::admin:
      return message("admin");
    default:
      return {};
  }
}

/// The item whose address the path is, or lies below.
void mark_current(Items& items, std::string_view path) {
  for (auto& item : items) {
    item.current =
        path == item.href || (path.starts_with(item.href) && path[item.href.size()] == '/');
  }
}

Layout layout_of(const Context& context, const Message& title, std::string_view session_token) {
  const Site& site = context.site();
  Layout layout{.title = title,
                .site_name = site.name,
                .language = site.locale,
                .tagline = site.tagline,
                .files = layout_files(),
                .navigation = navigation_of(context.viewer.role),
                .user_name = context.viewer.name,
                .user_role = {},
                .csrf = csrf_token(context.services.secret, session_token),
                .flash = read_flash(context.request, context.services.secret),
                .contact = site.mail_admin.text(),
                .refresh_seconds = context.refresh_seconds};
  if (context.viewer.role != Role::nobody) {
    layout.user_role = context.services.renderer.translate(name_of(context.viewer.role));
  }
  mark_current(layout.navigation, context.request.path);
  return layout;
}

struct ErrorView {
  static constexpr std::string_view view = "error.html";
};

}  // namespace

std::string_view home_of(Role role) {
  switch (role) {
    case Role::client:
      return "/client";
    case Role::helpdesk:
      return "/helpdesk";
    case Role::accountant:
      return "/accountant";
    case Role::admin:
      return "/admin";
    default:
      return "/";
  }
}

Response frame_page(const Context& context, std::string_view view, const Message& title,
                    const Fill& fill, int status) {
  const Layout layout = layout_of(context, title, context.session.token);
  Response response =
      Response::html(render_in_layout(context.services.renderer, layout, view, fill), status);
  if (context.request.cookies.contains("cstims_flash")) {
    response.add("Set-Cookie", no_flash_cookie(context.site()));
  }
  return response;
}

Response frame_error(const Context& context, const ErrorPage& error) {
  return frame_page(
      context, ErrorView::view, error.title,
      [&](Dictionary& values) {
        values.set("TITLE", error.title);
        values.set("SENTENCE", error.sentence);
        values.set("REQUEST_ID", error.request_id);
        values.set("CONTACT", context.site().mail_admin.text());
        values.set("HOME", home_of(context.viewer.role));
      },
      error.status);
}

}  // namespace cstims
