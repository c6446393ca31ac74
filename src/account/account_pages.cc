#include "account/account_pages.h"

#include "account/account_actions.h"
#include "account/form_fields.h"
#include "account/mail_choices_pages.h"
#include "account/mail_choices_store.h"
#include "account/registration_actions.h"
#include "account/sign_in_pages.h"
#include "account/user_store.h"
#include "mail/delivery_store.h"

namespace cstims {
namespace {

Form password_form(const Site& site) {
  return {.action = "/account/password",
          .submit = message("Change the password"),
          .fields = {current_password_field(), new_password_field(site), confirm_password_field()},
          .note = message("Your other sessions end, and we tell you by mail.")};
}

Form email_form(const User& user) {
  return {
      .action = "/account/email",
      .submit = message("Change the address"),
      .fields = {email_field(user.email.text()), current_password_field()},
      .note = message("We mail a link to the new address; nothing changes until it is opened.")};
}

Form billing_form(const User& user) {
  return {.action = "/account/billing", .submit = message("Save"), .fields = billing_fields(user)};
}

/// Which of the page's forms was refused, and why.
struct Refused {
  std::string_view form;
  const Refusal* refusal = nullptr;
};

struct AccountPage {
  static constexpr std::string_view view = "account/show.html";
  const Context& context;
  User user;
  std::vector<Session> sessions;
  std::optional<SessionId> current;
  Form mail_choices;
  Refused refused;
  std::optional<Undeliverable> undeliverable = {};
  Message title() const { return message("Your account"); }
};

void fill_session(Dictionary row, const AccountPage& page, const Session& session) {
  const bool current = page.current == session.id;
  row.set("PROGRAM", session.user_agent.empty() ? "–" : program_of(session.user_agent));
  row.set("ADDRESS", session.address.empty() ? "–" : session.address);
  row.set("SINCE", session.created_at);
  row.set("SEEN", session.last_seen_at);
  row.show("CURRENT", current);
  if (current) return;
  auto other = row.section("OTHER");
  fill_form(other, "END",
            button_form("/account/sessions/" + session.id.text() + "/ending", message("End")));
}

void fill(Dictionary& values, const AccountPage& page) {
  values.set("USERNAME", page.user.username);
  values.set("TYPE", shown(page.user.type));
  values.set("EMAIL", page.user.email.text());
  values.set("REGISTERED", page.user.registered_at);
  if (page.undeliverable) {
    values.section("UNREACHABLE").set("UNREACHABLE_SINCE", page.undeliverable->since);
  }
  const auto fill_one = [&](std::string_view name, Form form) {
    const bool refused = page.refused.form == name;
    fill_form(values, name, std::move(form), refused ? page.refused.refusal : nullptr,
              refused ? &page.context.request.form : nullptr);
  };
  fill_one("PASSWORD", password_form(page.context.site()));
  fill_one("ADDRESS_FORM", email_form(page.user));
  fill_one("BILLING", billing_form(page.user));
  fill_one("MAILS", page.mail_choices);
  for (const auto& session : page.sessions) fill_session(values.section("SESSIONS"), page, session);
  if (page.sessions.size() > 1) {
    auto several = values.section("SEVERAL");
    fill_form(several, "END_OTHERS",
              button_form("/account/sessions/ending", message("End all other sessions"), "danger"));
  }
}

Response account_page(const Context& context, Refused refused = {}) {
  auto page = context.database().read([&](Transaction& tx) {
    auto user = require_user(tx, context.viewer.require_user());
    auto sessions = list_sessions(tx, user);
    const auto current = find_session_id(tx, user.id, context.session.id_hash);
    auto undeliverable = find_undeliverable(tx, user.email);
    return AccountPage{context,
                       std::move(user),
                       std::move(sessions),
                       current,
                       mail_choices_form(tx, context),
                       refused,
                       std::move(undeliverable)};
  });
  return render(context, page, refused.refusal ? 422 : 200);
}

struct EmailConfirmationPage {
  static constexpr std::string_view view = "account/confirm_email.html";
  std::string code;
  Message title() const { return message("Confirm your new address"); }
};

void fill(Dictionary& values, const EmailConfirmationPage& page) {
  fill_form(values, "FORM",
            button_form("/account/email/confirmation", message("Use this address"), "primary",
                        {{"code", page.code}}));
}

}  // namespace

Response show_account(Context& context) {
  return account_page(context);
}

Response update_own_password(Context& context) {
  const auto user = context.database().read(
      [&](Transaction& tx) { return require_user(tx, context.viewer.require_user()); });
  const auto change = parse_password_change(context.request.form, user, context.site());
  if (!change) return account_page(context, {"PASSWORD", &change.error()});
  const auto token =
      change_password(context.services, context.viewer, *change, visitor_of(context));
  if (!token) return account_page(context, {"PASSWORD", &token.error()});
  auto response = context.redirect("/account", message("Your password is changed."));
  add_session_cookie(response, context.site(), *token, user.type);
  return response;
}

Response update_own_email(Context& context) {
  const auto change = parse_email_change(context.request.form);
  if (!change) return account_page(context, {"ADDRESS_FORM", &change.error()});
  const auto done =
      request_email_change(context.services, context.viewer, *change, visitor_of(context));
  if (!done) return account_page(context, {"ADDRESS_FORM", &done.error()});
  return context.redirect("/account", message("We have mailed a link to {}. Open it to finish.",
                                              {change->email.text()}));
}

Response update_own_billing(Context& context) {
  const auto billing = parse_billing_details(context.request.form);
  if (!billing) return account_page(context, {"BILLING", &billing.error()});
  context.act([&](Act& act) { change_billing_details(act, *billing); });
  return context.redirect("/account", message("Your billing details are saved."));
}

Response update_own_mail_choices(Context& context) {
  const auto choices = parse_mail_choices(context.request.form, context.viewer);
  if (!choices) return account_page(context, {"MAILS", &choices.error()});
  const auto user = context.viewer.require_user();
  context.act([&](Act& act) { put_mail_choices(act.tx, user, *choices); });
  return context.redirect("/account", message("Your choice is saved."));
}

Response end_own_session(Context& context) {
  require_no_fields(context.request.form);
  const auto session = context.request.path_id<struct Session>();
  context.act([&](Act& act) { end_session(act, session); });
  return context.redirect("/account", message("The session has ended."));
}

Response end_own_other_sessions(Context& context) {
  require_no_fields(context.request.form);
  context.act([&](Act& act) { end_other_sessions(act, context.session); });
  return context.redirect("/account", message("All other sessions have ended."));
}

Response show_email_confirmation(Context& context) {
  const auto code = context.request.query_value("code");
  if (!is_good_code(context.services, CodePurpose::email, code)) return worn_out_page(context);
  return with_secret_address(render(context, EmailConfirmationPage{code}));
}

Response create_email_confirmation(Context& context) {
  const auto code = parse_code(context.request.form);
  if (!code) return worn_out_page(context);
  const auto done =
      confirm_email_change(context.services, *code, context.session, visitor_of(context));
  if (!done) return worn_out_page(context);
  return context.redirect(context.viewer.user ? "/account" : "/login",
                          message("Your new address is in use now."));
}

}  // namespace cstims
