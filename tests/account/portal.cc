#include "account/portal.h"

#include <array>

#include "account/account_pages.h"
#include "account/registration_pages.h"
#include "account/session.h"
#include "account/sign_in_pages.h"
#include "account/user_pages.h"
#include "base/text.h"
#include "html/layout.h"
#include "http/csrf.h"

namespace cstims::test {
namespace {

Response home(Context& context) {
  return Response::text("home of " + context.viewer.name);
}

constexpr std::array routes{
    Route{"GET", "/login", Who::anyone, show_sign_in},
    Route{"POST", "/login", Who::anyone, create_session, Body::form, true},
    Route{"GET", "/logout", Who::signed_in, show_sign_out},
    Route{"POST", "/logout", Who::signed_in, end_session_here, Body::form},
    Route{"GET", "/register", Who::anyone, new_registration},
    Route{"POST", "/register", Who::anyone, create_registration, Body::form},
    Route{"GET", "/verify", Who::anyone, show_verification},
    Route{"POST", "/verify", Who::anyone, create_verification, Body::form, true},
    Route{"GET", "/forgot", Who::anyone, new_reset_request},
    Route{"POST", "/forgot", Who::anyone, create_reset_request, Body::form},
    Route{"GET", "/reset", Who::anyone, new_password},
    Route{"POST", "/reset", Who::anyone, create_password, Body::form, true},
    Route{"GET", "/account", Who::signed_in, show_account},
    Route{"POST", "/account/password", Who::signed_in, update_own_password, Body::form, true},
    Route{"POST", "/account/email", Who::signed_in, update_own_email, Body::form, true},
    Route{"POST", "/account/billing", Who::signed_in, update_own_billing, Body::form},
    Route{"POST", "/account/sessions/ending", Who::signed_in, end_own_other_sessions, Body::form},
    Route{"POST", "/account/sessions/{session}/ending", Who::signed_in, end_own_session,
          Body::form},
    Route{"GET", "/account/email/confirmation", Who::anyone, show_email_confirmation},
    Route{"POST", "/account/email/confirmation", Who::anyone, create_email_confirmation, Body::form,
          true},
    Route{"GET", "/manageusers", Who::admin, list_users_page},
    Route{"POST", "/manageusers", Who::admin, create_user_entry, Body::form},
    Route{"GET", "/manageusers/new", Who::admin, new_user},
    Route{"GET", "/manageusers/{user}", Who::admin, edit_user_page},
    Route{"POST", "/manageusers/{user}", Who::admin, update_user_entry, Body::form},
    Route{"POST", "/manageusers/{user}/deletion", Who::admin, delete_user_entry, Body::form},
    Route{"GET", "/client", Who::client, home},
    Route{"GET", "/helpdesk", Who::helpdesk, home},
    Route{"GET", "/accountant", Who::accountant, home},
    Route{"GET", "/admin", Who::admin, home},
};

constexpr std::string_view secret = "a secret of 32 bytes for tests..";

Response frame(const Context& context, std::string_view view, const Message& title,
               const Fill& fill, int status) {
  const Layout layout{.title = title,
                      .site_name = context.site().name,
                      .tagline = {},
                      .files = {},
                      .navigation = {},
                      .user_name = context.viewer.name,
                      .user_role = std::string(text(context.viewer.role)),
                      .csrf = csrf_token(context.services.secret, context.session.token),
                      .contact = context.site().mail_admin.text()};
  return Response::html(render_in_layout(context.services.renderer, layout, view, fill), status);
}

Response draw_error(const Context&, const ErrorPage& page) {
  return Response::text(page.title.english(), page.status);
}

void split_target(const std::string& target, Request& request) {
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark == std::string::npos) return;
  const auto query = target.substr(mark + 1);
  for (const auto pair : split(query, '&')) {
    const auto equals = pair.find('=');
    request.query.emplace(std::string(pair.substr(0, equals)),
                          std::string(pair.substr(equals + 1)));
  }
}

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const auto from = text.find(before);
  if (from == std::string_view::npos) return {};
  const auto start = from + before.size();
  return std::string(text.substr(start, text.find(after, start) - start));
}

}  // namespace

PasswordHasher& hasher_of_tests() {
  static PasswordHasher hasher;
  return hasher;
}

Services services_with_hasher(World& world) {
  Services services = world.services();
  services.hasher = &hasher_of_tests();
  services.secret = secret;
  return services;
}

Portal::Portal(World& world)
    : services_(services_with_hasher(world)),
      parts_{.services = services_,
             .router = Router(routes),
             .trusted_proxies = {},
             .identify =
                 [this](const Request& request) {
                   auto [viewer, session] = identify(services_.database, services_.site, request);
                   return Identity{std::move(viewer), std::move(session)};
                 },
             .frame = frame,
             .error_page = draw_error,
             .moved_to = {}} {}

Response Browser::get(const std::string& target) {
  Request request;
  request.method = "GET";
  split_target(target, request);
  return send(std::move(request));
}

Response Browser::post(const std::string& page, const std::string& action, Fields fields) {
  const auto shown = get(page);
  Request request;
  request.method = "POST";
  request.path = action;
  request.form.fields = std::move(fields);
  request.form.fields.emplace("csrf", between(shown.body, "name=\"csrf\" value=\"", "\""));
  return send(std::move(request));
}

Response Browser::sign_in(const std::string& name, const std::string& password) {
  return post("/login", {{"username", name}, {"password", password}});
}

Response Browser::send(Request request) {
  request.cookies = cookies;
  request.peer = address_;
  request.id = "test";
  request.headers.emplace("user-agent", user_agent);
  auto response = portal_.answer(std::move(request));
  set_cookies.clear();
  for (const auto& [name, value] : response.headers) {
    if (name != "Set-Cookie") continue;
    set_cookies.push_back(value);
    const auto equals = value.find('=');
    const auto cookie = value.substr(0, equals);
    const auto content = value.substr(equals + 1, value.find(';') - equals - 1);
    if (content.empty() || value.find("Max-Age=0") != std::string::npos) {
      cookies.erase(cookie);
    } else {
      cookies[cookie] = content;
    }
  }
  return response;
}

std::string header(const Response& response, std::string_view name) {
  for (const auto& [found, value] : response.headers) {
    if (found == name) return value;
  }
  return {};
}

std::vector<QueuedMail> mails_of_kind(World& world, std::string_view kind) {
  auto mails = world.mails();
  std::erase_if(mails, [kind](const QueuedMail& mail) { return mail.kind != kind; });
  return mails;
}

std::string mailed_code(World& world, std::string_view kind) {
  const auto mails = mails_of_kind(world, kind);
  if (mails.empty()) return {};
  return between(mails.back().body_text, "?code=", "\n");
}

std::int64_t count_rows(World& world, const std::string& table_and_condition) {
  return world.database().read([&](Transaction& tx) {
    return tx.select_built("count", "select count(*) as n from " + table_and_condition, {})
        .at(0)
        .number("n");
  });
}

}  // namespace cstims::test
