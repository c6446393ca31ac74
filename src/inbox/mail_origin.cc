#include "inbox/mail_origin.h"

#include <algorithm>

#include "account/user_store.h"
#include "base/text.h"
#include "mail/outbox_store.h"

namespace cstims {
namespace {

OwnMail own_mail(Transaction& tx, const FindingParts& parts) {
  const Site& site = parts.site;
  OwnMail own{.instance = require_instance_id(tx),
              .addresses = {site.mail_from},
              .list_id = site.mail_in.helpdesk_list_id,
              .made_by_us = [&parts](std::string_view id) {
                return read_ticket_message_id(id, parts.keys).has_value();
              }};
  for (const auto& address : {site.mail_in.reply_address, site.mail_in.bounce_address}) {
    if (address) own.addresses.push_back(*address);
  }
  // An address of ours that is also a person's account writes for itself.
  for (const auto& address : {site.mail_admin, site.mail_helpdesk, site.mail_accounting}) {
    if (!find_user_by_email(tx, address)) own.addresses.push_back(address);
  }
  return own;
}

bool came_to_bounce_address(const OpenedMail& mail, const FindingParts& parts) {
  const auto& base = parts.site.mail_in.bounce_address;
  if (!base) return false;
  const auto recipients = recipients_of(mail, parts.envelope_recipient);
  return std::ranges::any_of(recipients, [&](const std::string& address) {
    return read_bounce_address(address, *base, parts.keys).has_value();
  });
}

}  // namespace

Judged classify_arrived(Transaction& tx, const OpenedMail& mail, const FindingParts& parts) {
  return classify(mail, own_mail(tx, parts), came_to_bounce_address(mail, parts));
}

bool wants_no_answer(const MailHeader& header) {
  const std::string value = lower_ascii(header.value("x-auto-response-suppress"));
  return value.find("all") != std::string::npos || value.find("autoreply") != std::string::npos;
}

}  // namespace cstims
