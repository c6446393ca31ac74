// What kind of mail came in: a person's, or one of the many that programs write. The first rule
// that holds decides. Pure rules.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/received_mail.h"

namespace cstims {

enum class MailClass { person, auto_reply, bounce, report, list, own, loop };

/// "person", "auto-reply", "bounce", …
std::string_view text(MailClass kind);
std::optional<MailClass> parse_mail_class(std::string_view text);

/// What is ours; empty where it is not known (`cstims mail inspect`).
struct OwnMail {
  std::string instance;                 // of X-CSTIMS-Loop
  std::vector<EmailAddress> addresses;  // those we send from and receive on
  std::string list_id = {};             // of the helpdesk's list, without brackets
  std::function<bool(std::string_view message_id)> made_by_us = {};  // its code is valid
};

struct Judged {
  MailClass kind = MailClass::person;
  std::string reason;  // which rule held, in English; empty for a person's
};
/// `to_bounce_address`: it came to an address of ours that only we knew, for bounces.
Judged classify(const OpenedMail& mail, const OwnMail& own, bool to_bounce_address = false);

inline constexpr std::size_t most_hops = 50;

}  // namespace cstims
