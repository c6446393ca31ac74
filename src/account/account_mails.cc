#include "account/account_mails.h"

#include <fmt/format.h>

#include "base/secret.h"
#include "base/text.h"

namespace cstims {
namespace {

std::string link(const Act& act, std::string_view path, const MailedCode& code) {
  return fmt::format("{}{}?code={}", act.site.url, path, code.code);
}

std::string event_of(const User& user, std::string_view what) {
  return fmt::format("user {} {}", user.id.number(), what);
}

/// For what may happen again: the same within one second is told once.
std::string event_now(const Act& act, const User& user, std::string_view what) {
  return fmt::format("user {} {} {}", user.id.number(), what, act.tx.now().text());
}

}  // namespace

void queue_verification(Act& act, const User& user, const MailedCode& code) {
  queue_mail(act,
             {.kind = "address to verify",
              .view = "verify_address",
              .event = code.event,
              .to = user.email,
              .fill = [&](Dictionary& values) { values.set("LINK", link(act, "/verify", code)); },
              .asked_for = true});
}

void queue_registration_notice(Act& act, const User& user) {
  queue_mail(act, {.kind = "client registered",
                   .view = "client_registered",
                   .event = event_of(user, "registered"),
                   .to = act.site.mail_admin,
                   .fill = [&](Dictionary& values) {
                     values.set("USERNAME", user.username);
                     values.set("EMAIL", user.email.text());
                     values.set("LINK", act.site.url + "/manageusers/" + user.id.text());
                   }});
}

void queue_verified_notice(Act& act, const User& user) {
  queue_mail(act, {.kind = "address verified",
                   .view = "address_verified",
                   .event = event_of(user, "verified"),
                   .to = act.site.mail_admin,
                   .fill = [&](Dictionary& values) {
                     values.set("USERNAME", user.username);
                     values.set("EMAIL", user.email.text());
                     values.set("LINK", act.site.url + "/manageusers/" + user.id.text());
                   }});
}

void queue_address_known(Act& act, const User& owner) {
  const auto hour = act.tx.now().text().substr(0, 13);
  queue_mail(act, {.kind = "address known",
                   .view = "address_known",
                   .event = event_of(owner, "address asked for " + hour),
                   .to = owner.email,
                   .fill = [&](Dictionary& values) {
                     values.set("USERNAME", owner.username);
                     values.set("SIGN_IN", act.site.url + "/login");
                     values.set("FORGOT", act.site.url + "/forgot");
                   }});
}

void queue_reset_link(Act& act, const User& user, const MailedCode& code) {
  queue_mail(act, {.kind = "password reset",
                   .view = "reset_password",
                   .event = code.event,
                   .to = user.email,
                   .fill =
                       [&](Dictionary& values) {
                         values.set("USERNAME", user.username);
                         values.set("LINK", link(act, "/reset", code));
                       },
                   .asked_for = true});
}

void queue_password_changed(Act& act, const User& user) {
  queue_mail(act, {.kind = "password changed",
                   .view = "password_changed",
                   .event = event_now(act, user, "password"),
                   .to = user.email,
                   .fill = [&](Dictionary& values) {
                     values.set("USERNAME", user.username);
                     values.set("WHEN", act.site.zone.show(act.tx.now()));
                   }});
}

void queue_new_address_link(Act& act, const EmailAddress& address, const MailedCode& code) {
  queue_mail(act, {.kind = "new address",
                   .view = "new_address",
                   .event = code.event,
                   .to = address,
                   .fill =
                       [&](Dictionary& values) {
                         values.set("LINK", link(act, "/account/email/confirmation", code));
                       },
                   .asked_for = true});
}

void queue_email_changed(Act& act, const User& user, const EmailAddress& old_address) {
  for (const auto& address : {old_address, user.email}) {
    queue_mail(act, {.kind = "address changed",
                     .view = "email_changed",
                     .event = event_now(act, user, "address"),
                     .to = address,
                     .fill = [&](Dictionary& values) {
                       values.set("USERNAME", user.username);
                       values.set("OLD_ADDRESS", old_address.text());
                       values.set("NEW_ADDRESS", user.email.text());
                       values.set("WHEN", act.site.zone.show(act.tx.now()));
                     }});
  }
}

void queue_new_sign_in(Act& act, const User& user, const Visitor& visitor) {
  queue_mail(act, {.kind = "new sign-in",
                   .view = "new_sign_in",
                   .event = event_now(act, user, "sign-in from " + visitor.address),
                   .to = user.email,
                   .fill = [&](Dictionary& values) {
                     values.set("USERNAME", user.username);
                     values.set("WHEN", act.site.zone.show(act.tx.now()));
                     values.set("ADDRESS", visitor.address);
                     values.set("PROGRAM", program_of(single_line(visitor.user_agent)));
                     values.set("ACCOUNT", act.site.url + "/account");
                   }});
}

}  // namespace cstims
