#include "account/sign_in_pages.h"

#include "account/sign_in_actions.h"
#include "http/session_cookie.h"

namespace cstims {
namespace {

Form sign_in_form(const std::string& next) {
  return {.action = "/login",
          .submit = message("Sign in"),
          .fields = {{.kind = FieldKind::hidden, .name = "next", .label = {}, .value = next},
                     {.name = "username",
                      .label = message("User name or e-mail"),
                      .value = {},
                      .required = true,
                      .autocomplete = "username",
                      .autofocus = true},
                     {.kind = FieldKind::password,
                      .name = "password",
                      .label = message("Password"),
                      .value = {},
                      .required = true,
                      .autocomplete = "current-password"}}};
}

struct SignInPage {
  static constexpr std::string_view view = "account/login.html";
  Form form;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  std::string contact;
  Message title() const { return message("Sign in"); }
};

void fill(Dictionary& values, const SignInPage& page) {
  fill_form(values, "FORM", page.form, page.refusal, page.typed);
  values.set("CONTACT", page.contact);
}

struct SignOutPage {
  static constexpr std::string_view view = "account/logout.html";
  Message title() const { return message("Sign out"); }
};

void fill(Dictionary& values, const SignOutPage&) {
  fill_form(values, "FORM", button_form("/logout", message("Sign out"), "primary"));
}

}  // namespace

Visitor visitor_of(const Context& context) {
  const auto cookie = context.request.cookies.find(device_cookie_name(context.site()));
  const bool has_device =
      cookie != context.request.cookies.end() && is_session_token(cookie->second);
  return {.address = context.request.peer,
          .user_agent = context.request.header("user-agent"),
          .device_token = has_device ? cookie->second : ""};
}

void add_session_cookie(Response& response, const Site& site, std::string_view token, Role role) {
  // A client's stays after the browser is closed; that of staff goes with it.
  const auto seconds = role == Role::client ? session_limits(role).absolute.count() : 0;
  response.add("Set-Cookie", session_cookie(site, token, static_cast<int>(seconds)));
}

Response show_sign_in(Context& context) {
  const auto next = own_path(context.request.query_value("next"));
  if (context.viewer.user) {
    return context.redirect(next.empty() ? home_path(context.viewer.role) : next);
  }
  return render(
      context, SignInPage{.form = sign_in_form(next), .contact = context.site().mail_admin.text()});
}

Response create_session(Context& context) {
  const auto& form = context.request.form;
  const auto again = [&](const Refusal& refusal) {
    return render(context,
                  SignInPage{.form = sign_in_form(own_path(form.value("next"))),
                             .refusal = &refusal,
                             .typed = &form,
                             .contact = context.site().mail_admin.text()},
                  422);
  };
  const auto typed = parse_sign_in(form);
  if (!typed) return again(typed.error());
  const auto signed_in =
      sign_in(context.services, *typed, visitor_of(context), context.session.id_hash);
  if (!signed_in) return again(signed_in.error());

  const Role role = signed_in->user.type;
  auto response = context.redirect(typed->next.empty() ? home_path(role) : typed->next);
  add_session_cookie(response, context.site(), signed_in->session_token, role);
  response.add("Set-Cookie", device_cookie(context.site(), signed_in->device_token));
  return response;
}

Response show_sign_out(Context& context) {
  return render(context, SignOutPage{});
}

Response end_session_here(Context& context) {
  context.act([&](Act& act) { sign_out(act, context.session); });
  auto response = context.redirect("/login", message("You are signed out."));
  response.add("Set-Cookie", no_session_cookie(context.site()));
  response.add("Clear-Site-Data", "\"cache\", \"storage\"");
  return response;
}

}  // namespace cstims
