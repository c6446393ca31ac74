#include "account/mail_choices_pages.h"

#include "account/mail_choices_store.h"
#include "html/languages.h"

namespace cstims {
namespace {

Field locale_field(const std::string& chosen) {
  std::vector<Choice> languages{{"", message("As the site")}};
  for (const auto& language : known_languages()) {
    languages.push_back({language.locale, message("{}", {language.name})});
  }
  return {.kind = FieldKind::select,
          .name = "locale",
          .label = message("Language of your mails"),
          .value = chosen,
          .choices = std::move(languages)};
}

void add_ticket_fields(Form& form, const TicketMails& chosen) {
  form.fields.push_back({.kind = FieldKind::check,
                         .name = "new_tickets",
                         .label = message("Mail me new tickets"),
                         .value = chosen.new_tickets ? "1" : "",
                         .group = message("Tickets")});
  form.fields.push_back({.kind = FieldKind::select,
                         .name = "messages",
                         .label = message("Mail me what clients write"),
                         .value = std::string(text(chosen.messages)),
                         .hint = message("Beside the helpdesk's list, which gets what is nobody's. "
                                         "You never get your own words."),
                         .required = true,
                         .choices = {{"mine", message("On my tickets only")},
                                     {"unassigned", message("On mine and on nobody's")},
                                     {"all", message("On all tickets")}}});
}

}  // namespace

Form mail_choices_form(Transaction& tx, const Context& context) {
  const auto user = context.viewer.require_user();
  Form form{.action = "/account/mails",
            .submit = message("Save"),
            .fields = {locale_field(find_mail_locale(tx, user))}};
  if (context.viewer.is_helpdesk()) add_ticket_fields(form, find_ticket_mails(tx, user));
  return form;
}

}  // namespace cstims
