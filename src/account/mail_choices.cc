#include "account/mail_choices.h"

#include <algorithm>
#include <array>
#include <utility>

#include "html/languages.h"

namespace cstims {
namespace {

constexpr std::array<std::pair<MessageMails, std::string_view>, 3> names{
    {{MessageMails::mine, "mine"},
     {MessageMails::unassigned, "unassigned"},
     {MessageMails::all, "all"}}};

std::string read_locale(FormReader& reader) {
  std::vector<std::string> known;
  for (const auto& language : known_languages()) known.push_back(language.locale);
  return reader.choice("locale", known, false);
}

TicketMails read_ticket_mails(FormReader& reader) {
  TicketMails mails{.new_tickets = reader.checked("new_tickets"), .messages = MessageMails::mine};
  const auto messages = reader.choice("messages", {"mine", "unassigned", "all"}, true);
  mails.messages = parse_message_mails(messages).value_or(MessageMails::mine);
  return mails;
}

}  // namespace

std::string_view text(MessageMails messages) {
  return std::ranges::find(names, messages, &std::pair<MessageMails, std::string_view>::first)
      ->second;
}

std::optional<MessageMails> parse_message_mails(std::string_view text) {
  const auto* const found =
      std::ranges::find(names, text, &std::pair<MessageMails, std::string_view>::second);
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

Result<MailChoices> parse_mail_choices(const FormData& form, const Viewer& viewer) {
  FormReader reader(form);
  MailChoices choices{.locale = read_locale(reader), .tickets = {}};
  if (viewer.is_helpdesk()) choices.tickets = read_ticket_mails(reader);
  return reader.finish(std::move(choices));
}

}  // namespace cstims
