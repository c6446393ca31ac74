#include "account/user_pages.h"

#include "account/form_fields.h"
#include "account/user_actions.h"
#include "account/user_store.h"
#include "mail/delivery_store.h"

namespace cstims {
namespace {

std::vector<Choice> type_choices() {
  std::vector<Choice> choices;
  for (const auto role : {Role::client, Role::helpdesk, Role::accountant, Role::admin}) {
    choices.push_back({std::string(text(role)), shown(role)});
  }
  return choices;
}

std::vector<Choice> status_choices() {
  std::vector<Choice> choices;
  for (const auto status : {UserStatus::verified, UserStatus::unverified, UserStatus::disabled}) {
    choices.push_back({std::string(text(status)), shown(status)});
  }
  return choices;
}

/// The form of adding and editing; `user` is absent for a new one.
Form user_form(const Site& site, const User* user) {
  auto password = new_password_field(site);
  if (user) {
    password.required = false;
    password.hint = message(
        "Leave it empty to keep the one there is. A new one ends the "
        "person's sessions.");
  }
  return {.action = user ? "/manageusers/" + user->id.text() : "/manageusers",
          .submit = user ? message("Save") : message("Add the user"),
          .fields = {{.name = "username",
                      .label = message("User name"),
                      .value = user ? user->username : "",
                      .required = true,
                      .autocomplete = "off"},
                     email_field(user ? user->email.text() : ""),
                     std::move(password),
                     {.kind = FieldKind::select,
                      .name = "type",
                      .label = message("Type"),
                      .value = user ? std::string(text(user->type)) : "client",
                      .required = true,
                      .choices = type_choices(),
                      .columns = 6},
                     {.kind = FieldKind::select,
                      .name = "status",
                      .label = message("Status"),
                      .value = user ? std::string(text(user->status)) : "verified",
                      .required = true,
                      .choices = status_choices(),
                      .columns = 6}}};
}

std::string tone(UserStatus status) {
  switch (status) {
    case UserStatus::verified:
      return "success";
    case UserStatus::unverified:
      return "warning";
    case UserStatus::disabled:
      return "secondary";
  }
  return "secondary";
}

struct UsersPage {
  static constexpr std::string_view view = "account/users.html";
  const Renderer& renderer;
  Page<User> users;
  Listing listing;
  Message title() const { return message("Users"); }
};

ListView list_of(const UsersPage& page) {
  ListView list{.path = "/manageusers",
                .empty = message("No user matches."),
                .columns = {{message("User"), "username"},
                            {message("E-mail"), "email"},
                            {message("Type"), "type"},
                            {message("Status"), "status"},
                            {message("Registered"), "registered_at"},
                            {message("Last sign-in"), "last_sign_in_at"}},
                .rows = {},
                .filters = {{"type", message("Type"), type_choices()},
                            {"status", message("Status"), status_choices()}},
                .caption = message("Users"),
                .total = page.users.total,
                .more_than_counted = page.users.more_than_counted};
  for (const auto& user : page.users.rows) {
    list.rows.push_back(
        {{.text = user.username,
          .href = "/manageusers/" + user.id.text(),
          .detail = user.billing_name},
         {.text = user.email.text()},
         {.text = page.renderer.translate(shown(user.type))},
         {.text = page.renderer.translate(shown(user.status)), .badge = tone(user.status)},
         {.text = page.renderer.show(user.registered_at)},
         {.text = user.last_sign_in_at ? page.renderer.show(*user.last_sign_in_at) : "–"}});
  }
  return list;
}

void fill(Dictionary& values, const UsersPage& page) {
  fill_list(values, "LIST", list_of(page), page.listing);
}

Response users_csv(const std::vector<User>& users) {
  auto body =
      csv_row({"id", "username", "email", "type", "status", "registered_at", "last_sign_in_at",
               "billing_name", "billing_address", "billing_country", "billing_tax_number"});
  for (const auto& user : users) {
    body += csv_row({user.id.text(), user.username, user.email.text(), std::string(text(user.type)),
                     std::string(text(user.status)), user.registered_at.text(),
                     user.last_sign_in_at ? user.last_sign_in_at->text() : "", user.billing_name,
                     user.billing_address, user.billing_country, user.billing_tax_number});
  }
  return Response::csv("users.csv", std::move(body));
}

struct NewUserPage {
  static constexpr std::string_view view = "account/new_user.html";
  Form form;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  Message title() const { return message("Add a user"); }
};

void fill(Dictionary& values, const NewUserPage& page) {
  fill_form(values, "FORM", page.form, page.refusal, page.typed);
}

struct EditUserPage {
  static constexpr std::string_view view = "account/edit_user.html";
  User user;
  Form form;
  const Refusal* refusal = nullptr;
  const FormData* typed = nullptr;
  const Refusal* deletion_refusal = nullptr;
  std::optional<Undeliverable> undeliverable = {};
  Message title() const { return message("User {}", {user.username}); }
};

void fill(Dictionary& values, const EditUserPage& page) {
  const User& user = page.user;
  values.set("USERNAME", user.username);
  if (user.type == Role::client) {
    values.section("BILLED").set("BILLING", "/clients/" + user.id.text() + "/billing");
  }
  values.set("REGISTERED", user.registered_at);
  if (user.verified_at) values.section("VERIFIED").set("SINCE", *user.verified_at);
  if (user.last_sign_in_at) values.section("SIGNED_IN").set("LAST", *user.last_sign_in_at);
  if (page.undeliverable) {
    Dictionary section = values.section("UNREACHABLE");
    section.set("UNREACHABLE_SINCE", page.undeliverable->since);
    section.set("REPLY", page.undeliverable->reply);
    fill_form(section, "REACHABLE",
              button_form("/manageusers/" + user.id.text() + "/reachability",
                          message("Send mail there again")));
  }
  fill_form(values, "FORM", page.form, page.refusal, page.typed);
  auto deletion = button_form("/manageusers/" + user.id.text() + "/deletion",
                              message("Delete this account"), "danger");
  deletion.confirm = message("Delete the account {} for good?", {user.username});
  fill_form(values, "DELETION", std::move(deletion), page.deletion_refusal);
  if (page.deletion_refusal) {
    values.section("KEPT").set("WHY", page.deletion_refusal->items.front().message);
  }
}

User user_of(const Context& context) {
  return context.database().read(
      [&](Transaction& tx) { return require_user(tx, context.request.path_id<User>()); });
}

Response deletion_refused(const Context& context, const User& user, const Refusal& refusal) {
  return render(
      context,
      EditUserPage{
          .user = user, .form = user_form(context.site(), &user), .deletion_refusal = &refusal},
      422);
}

}  // namespace

Response list_users_page(Context& context) {
  const auto listing = parse_listing(context.request.query, user_listing_rules());
  auto users = context.database().read([&](Transaction& tx) { return list_users(tx, listing); });
  if (listing.csv) return users_csv(users.rows);
  return render(context, UsersPage{context.services.renderer, std::move(users), listing});
}

Response new_user(Context& context) {
  return render(context, NewUserPage{.form = user_form(context.site(), nullptr)});
}

Response create_user_entry(Context& context) {
  const auto& form = context.request.form;
  const auto again = [&](const Refusal& refusal) {
    return render(context, NewUserPage{user_form(context.site(), nullptr), &refusal, &form}, 422);
  };
  const auto wanted = parse_user_edit(form, context.site(), PasswordField::required);
  if (!wanted) return again(wanted.error());
  const auto id = create_user(context.services, *wanted);
  if (!id) return again(id.error());
  return context.redirect("/manageusers", message("The user {} was added.", {wanted->username}));
}

Response edit_user_page(Context& context) {
  auto user = user_of(context);
  auto form = user_form(context.site(), &user);
  auto undeliverable =
      context.database().read([&](Transaction& tx) { return find_undeliverable(tx, user.email); });
  return render(context, EditUserPage{.user = std::move(user),
                                      .form = std::move(form),
                                      .undeliverable = std::move(undeliverable)});
}

Response create_user_reachability(Context& context) {
  const auto user = user_of(context);
  require_no_fields(context.request.form);
  context.act([&](Act& act) { forget_undeliverable(act.tx, user.email); });
  return context.redirect("/manageusers/" + user.id.text(),
                          message("Automatic mail is sent to {} again.", {user.email.text()}));
}

Response update_user_entry(Context& context) {
  const auto user = user_of(context);
  const auto& typed = context.request.form;
  const auto again = [&](const Refusal& refusal) {
    return render(context,
                  EditUserPage{.user = user,
                               .form = user_form(context.site(), &user),
                               .refusal = &refusal,
                               .typed = &typed},
                  422);
  };
  const auto wanted = parse_user_edit(typed, context.site(), PasswordField::optional);
  if (!wanted) return again(wanted.error());
  const auto done = edit_user(context.services, context.viewer, user.id, *wanted);
  if (!done) return again(done.error());
  return context.redirect("/manageusers", message("The user {} was saved.", {wanted->username}));
}

Response delete_user_entry(Context& context) {
  const auto user = user_of(context);
  require_no_fields(context.request.form);
  const auto act = [&] {
    return context.act([&](Act& act) { return delete_account(act, user.id); });
  };
  const auto done = [&]() -> Result<void> {
    try {
      return act();
    } catch (const ConstraintViolation&) {
      return act();  // an order came meanwhile: now it is there to be named
    }
  }();
  if (!done) return deletion_refused(context, user, done.error());
  return context.redirect("/manageusers", message("The user {} was deleted.", {user.username}));
}

}  // namespace cstims
