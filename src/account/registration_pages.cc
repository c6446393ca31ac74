#include "account/registration_pages.h"

#include "account/form_fields.h"
#include "account/registration_actions.h"
#include "account/sign_in_pages.h"

namespace cstims {
namespace {

Form registration_form(const Site& site) {
  auto password = new_password_field(site);
  password.label = message("Password");
  return {.action = "/register",
          .submit = message("Register"),
          .fields = {{.name = "username",
                      .label = message("User name"),
                      .value = {},
                      .hint = message("3 to 31 letters, digits, dots, hyphens and underscores."),
                      .required = true,
                      .autocomplete = "username",
                      .autofocus = true},
                     email_field(""),
                     std::move(password),
                     confirm_password_field()}};
}

Form verification_form(const std::string& code) {
  return button_form("/verify", message("Verify my address"), "primary", {{"code", code}});
}

Form forgotten_form() {
  return {.action = "/forgot", .submit = message("Mail me a link"), .fields = {email_field("")}};
}

Form reset_form(const Site& site, const std::string& code) {
  return {.action = "/reset",
          .submit = message("Set the password"),
          .fields = {{.kind = FieldKind::hidden, .name = "code", .label = {}, .value = code},
                     new_password_field(site),
                     confirm_password_field()}};
}

struct RegistrationPage {
  static constexpr std::string_view view = "account/register.html";
  Form form;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Register"); }
};

struct ForgottenPage {
  static constexpr std::string_view view = "account/forgot.html";
  Form form;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Forgot your password?"); }
};

struct VerificationPage {
  static constexpr std::string_view view = "account/verify.html";
  Form form;
  Message title() const { return message("Verify your address"); }
};

struct ResetPage {
  static constexpr std::string_view view = "account/reset.html";
  Form form;
  const Refusal* refusal = nullptr;
  Message title() const { return message("Choose a new password"); }
};

void fill(Dictionary& values, const RegistrationPage& page) {
  fill_form(values, "FORM", page.form, page.refusal, page.typed);
}

void fill(Dictionary& values, const ForgottenPage& page) {
  fill_form(values, "FORM", page.form, page.refusal, page.typed);
}

void fill(Dictionary& values, const VerificationPage& page) {
  fill_form(values, "FORM", page.form);
}

void fill(Dictionary& values, const ResetPage& page) {
  fill_form(values, "FORM", page.form, page.refusal);
}

}  // namespace

Response new_registration(Context& context) {
  if (context.viewer.user) return context.redirect(home_path(context.viewer.role));
  return render(context, RegistrationPage{.form = registration_form(context.site())});
}

Response create_registration(Context& context) {
  const auto& form = context.request.form;
  const auto again = [&](const Refusal& refusal) {
    return render(context, RegistrationPage{registration_form(context.site()), &refusal, &form},
                  422);
  };
  const auto registration = parse_registration(form, context.site());
  if (!registration) return again(registration.error());
  const auto done = register_client(context.services, *registration, visitor_of(context));
  if (!done) return again(done.error());
  return context.redirect("/login", message("We have mailed a link to {}. Open it to finish.",
                                            {registration->email.text()}));
}

Response show_verification(Context& context) {
  const auto code = context.request.query_value("code");
  if (!is_good_code(context.services, CodePurpose::verify, code)) {
    return worn_out_page(context);
  }
  return with_secret_address(render(context, VerificationPage{.form = verification_form(code)}));
}

Response create_verification(Context& context) {
  const auto code = parse_code(context.request.form);
  if (!code) return worn_out_page(context);
  const auto done = verify_address(context.services, *code, visitor_of(context));
  if (!done) return worn_out_page(context);
  return context.redirect("/login", message("Your address is verified. You can sign in now."));
}

Response new_reset_request(Context& context) {
  return render(context, ForgottenPage{.form = forgotten_form()});
}

Response create_reset_request(Context& context) {
  const auto& form = context.request.form;
  const auto address = parse_forgotten(form);
  if (!address) {
    return render(context, ForgottenPage{forgotten_form(), &address.error(), &form}, 422);
  }
  request_reset(context.services, *address, visitor_of(context));
  return context.redirect(
      "/login", message("If {} belongs to an account, we have mailed a link to it. It is good "
                        "for 30 minutes.",
                        {address->text()}));
}

Response new_password(Context& context) {
  const auto code = context.request.query_value("code");
  if (!is_good_code(context.services, CodePurpose::reset, code)) return worn_out_page(context);
  return with_secret_address(render(context, ResetPage{.form = reset_form(context.site(), code)}));
}

Response create_password(Context& context) {
  const auto& form = context.request.form;
  const auto owner = find_owner_of_reset(context.services, form.value("code"));
  const auto chosen = parse_new_password(form, owner ? &*owner : nullptr, context.site());
  if (!chosen) {
    return with_secret_address(
        render(context,
               ResetPage{.form = reset_form(context.site(), form.value("code")),
                         .refusal = &chosen.error()},
               422));
  }
  const auto done = reset_password(context.services, *chosen, visitor_of(context));
  if (!done) return worn_out_page(context);
  return context.redirect("/login", message("Your password is set. You can sign in now."));
}

}  // namespace cstims
